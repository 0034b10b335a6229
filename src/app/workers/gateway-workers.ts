import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ReadinessCheck } from '../../platform/http/system-routes.ts';
import type { Logger } from '../../platform/logger.ts';
import { type ForkedWorker, forkWorker } from './forked-worker.ts';
import type { WorkerLinkDeps } from './ipc-server.ts';
import type { StartWorker } from './messages.ts';

export interface GatewayWorkersDeps extends Omit<WorkerLinkDeps, 'send'> {
  readonly logger: Logger;
}

export interface GatewayWorkers {
  readonly check: ReadinessCheck;
  /** Resolves when all of them take connections. @throws Error that says why one does not: then none is left. */
  start(start: StartWorker): Promise<void>;
  /** Resolves when what was under way is answered, and all have ended. */
  stop(): Promise<void>;
  /** How many take connections now. */
  ready(): number;
  /** Where they take connections, as a URL; only after `start`. */
  address(): string;
  /** Resolves when each of them knows what the control store has now. */
  look(): Promise<void>;
}

/** Less than the main process has (bin/watmeter.cjs): for workers more made no difference. */
const youngHeapMiB = 16;
/** One that ends as soon as it starts must not cost the whole machine. */
const restartMs = 500;

/**
 * Processes that answer the gateway's clients, so that it uses every core: each takes connections in its turn, opens
 * tokens and makes sessions, which this process counts: none is answered before its event is in the journal here. One
 * that ends is replaced; all of them end with this process, whatever ends it (docs/how-to/scale-out.md, Gateway workers).
 */
export function createGatewayWorkers(count: number, deps: GatewayWorkersDeps): GatewayWorkers {
  const { logger } = deps;
  const running = new Set<ForkedWorker>();
  let ready = 0;
  let url: string | undefined;
  let isStopping = false;

  function fork(start: StartWorker): ForkedWorker {
    const worker = forkWorker(start, deps);
    running.add(worker);
    void worker.exited.then(() => running.delete(worker));
    return worker;
  }

  /** Keeps a place filled, from a worker that is ready on. */
  async function keepFilled(first: ForkedWorker, start: StartWorker): Promise<void> {
    for (let worker = first; ; worker = fork(start)) {
      const trouble = await worker.ready.then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (trouble === undefined) ready += 1;
      const how = await worker.exited;
      if (trouble === undefined) ready -= 1;
      if (isStopping) return;
      logger.error({ reason: trouble ?? how }, 'a gateway worker ended: another one takes its place');
      await sleep(restartMs, undefined, { ref: false });
      if (isStopping) return;
    }
  }

  const killAll = () => {
    for (const worker of running) worker.kill();
  };

  return {
    check: {
      name: 'gateway workers',
      trouble: () => (ready === 0 ? 'none is ready' : undefined),
    },

    ready: () => ready,

    async start(start) {
      cluster.schedulingPolicy = cluster.SCHED_RR;
      cluster.setupPrimary({
        exec: fileURLToPath(new URL('./worker-main.js', import.meta.url)),
        args: [],
        execArgv: [`--max-semi-space-size=${youngHeapMiB}`],
      });
      process.once('exit', killAll);
      const workers = Array.from({ length: count }, () => fork(start));
      try {
        [url] = await Promise.all(workers.map((worker) => worker.ready));
      } catch (error) {
        isStopping = true;
        killAll();
        throw error;
      }
      for (const worker of workers) void keepFilled(worker, start);
    },

    async stop() {
      isStopping = true;
      const all = [...running];
      for (const worker of all) worker.stop();
      await Promise.all(all.map((worker) => worker.exited));
      process.off('exit', killAll);
    },

    address() {
      if (url === undefined) throw new Error('no gateway worker listens');
      return url;
    },

    async look() {
      await Promise.all([...running].map((worker) => worker.look()));
    },
  };
}
