import { parseConfig } from '../../../../src/app/config.ts';
import type { CollectedRoute } from '../../../../src/platform/http/routes/collect-routes.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { adminToken } from '../../../support/app-process.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';
import { createManualClock, type ManualClock } from '../../../unit/tokens/support/control.ts';

export interface TimedApp {
  readonly url: string;
  readonly clock: ManualClock;
  /** Every route of the server. */
  readonly routes: readonly CollectedRoute[];
  stop(): Promise<void>;
}

/**
 * Starts the whole application in the test process, with a clock that the test controls. It uses the built
 * application, because worker threads load JavaScript files.
 */
export async function startTimedApp(startMs: number): Promise<TimedApp> {
  const builtModule = new URL('../../../../dist/src/app/processes/all.js', import.meta.url).href;
  const { createAllProcess } = (await import(
    builtModule
  )) as typeof import('../../../../src/app/processes/all.ts');
  const directory = createTemporaryDirectory('timed');
  const parsed = parseConfig({
    DATA_DIR: directory.path,
    PORT: '0',
    ADMIN_TOKEN: adminToken,
    SINK_LINGER: '20ms',
    // Worker processes would use the system clock.
    GATEWAY_WORKERS: '0',
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const clock = createManualClock(startMs);
  const app = await createAllProcess(parsed.config, {
    logger: createLogger({ logLevel: 'silent' }),
    clock,
  });
  await app.start();
  return {
    url: app.address(),
    clock,
    routes: app.routes,
    async stop() {
      await app.stop();
      directory.remove();
    },
  };
}
