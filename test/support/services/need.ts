import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';
import { chromiumIsMissing } from '../browser/chromium.ts';
import { kafkaIsMissing } from './kafka-jars.ts';
import { nginxIsMissing } from './nginx.ts';
import { findPostgres } from './postgres.ts';

/** A server or program that a suite starts. */
export type Service = 'chromium' | 'kafka' | 'nginx' | 'openssl' | 'postgres';

/**
 * Describes a suite that needs real servers. If a server is missing, the suite fails in CI, because a silent skip would
 * hide that nothing was tested. Outside CI, the suite is skipped and the reason is printed.
 */
export function describeServices(name: string, services: readonly Service[], suite: () => void): void {
  const lacking = services.flatMap((service) => checks[service]() ?? []);
  if (lacking.length === 0) {
    describe(name, suite);
    return;
  }
  const why = `${lacking.join('; ')} (run test/support/services/install.sh)`;
  if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(why);
    });
  } else {
    console.log(`SKIPPED: ${name}: ${why}`);
    describe.skip(`${name}: ${why}`, suite);
  }
}

const checks: Readonly<Record<Service, () => string | undefined>> = {
  chromium: chromiumIsMissing,
  kafka: kafkaIsMissing,
  nginx: nginxIsMissing,
  postgres: () => (findPostgres() === undefined ? 'no PostgreSQL on this machine' : undefined),
  openssl: () =>
    spawnSync('openssl', ['version']).status === 0 ? undefined : 'certificates need openssl on the path',
};
