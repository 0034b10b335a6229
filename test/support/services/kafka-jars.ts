import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const pom = new URL('pom.xml', import.meta.url);

/** Where install.sh puts the jars: it makes the same name from the same pom. */
function jarDirectory(): string {
  const { WATMETER_TEST_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = WATMETER_TEST_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'watmeter-test');
  const checksum = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(cache, `kafka-${checksum}`, 'lib');
}

/** What Java takes as `-cp` to run a broker or Kafka's tools. */
export function kafkaClasspath(): string {
  return join(jarDirectory(), '*');
}

/** Why no broker can be started on this machine; undefined when one can. */
export function kafkaIsMissing(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return 'Kafka needs Java 17';
  if (!existsSync(jarDirectory())) return 'the Kafka jars are not there';
  return undefined;
}
