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
/** A worker that ends as soon as it starts must not cost the whole machine. */
const restartMs = 500;

/**
 * Returns the processes that answer the gateway's clients, so that it uses every core. Connections are dealt to them
 * round robin. Each opens tokens and grants sessions; none is answered before its event is in the journal of this
 * process. A worker that ends is replaced. All of them end with this process, whatever ends it
 * (docs/how-to/scale-out.md, Gateway workers).
 */
export function createGatewayWorkers(count: number, deps: GatewayWorkersDeps): GatewayWorkers {
  const pool = createWorkerPool(deps);
  let url: string | undefined;
  return {
    check: {
      name: 'gateway workers',
      trouble: () => (pool.ready() === 0 ? 'none is ready' : undefined),
    },
    ready: pool.ready,

    async start(start) {
      setUpCluster();
      process.once('exit', pool.killAll);
      const workers = Array.from({ length: count }, () => pool.fork(start));
      try {
        [url] = await Promise.all(workers.map((worker) => worker.ready));
      } catch (error) {
        pool.endReplacing();
        pool.killAll();
        throw error;
      }
      for (const worker of workers) void pool.keepFilled(worker, start);
    },

    async stop() {
      pool.endReplacing();
      const workers = [...pool.running];
      for (const worker of workers) worker.stop();
      await Promise.all(workers.map((worker) => worker.exited));
      process.off('exit', pool.killAll);
    },

    address() {
      if (url === undefined) throw new Error('no gateway worker listens');
      return url;
    },

    async look() {
      await Promise.all([...pool.running].map((worker) => worker.look()));
    },
  };
}

function setUpCluster(): void {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('./worker-main.js', import.meta.url)),
    args: [],
    execArgv: [`--max-semi-space-size=${youngHeapMiB}`],
  });
}

/** Returns the running workers. A worker that ends is replaced until `endReplacing`. */
function createWorkerPool(deps: GatewayWorkersDeps) {
  const running = new Set<ForkedWorker>();
  let ready = 0;
  let isStopping = false;

  function fork(start: StartWorker): ForkedWorker {
    const worker = forkWorker(start, deps);
    running.add(worker);
    void worker.exited.then(() => running.delete(worker));
    return worker;
  }

  /** Resolves when a worker has ended, to the reason. It counts as ready until then, unless it never was. */
  async function endOf(worker: ForkedWorker): Promise<string> {
    const trouble = await worker.ready.then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (trouble === undefined) ready += 1;
    const how = await worker.exited;
    if (trouble === undefined) ready -= 1;
    return trouble ?? how;
  }

  return {
    ...{ running, fork, ready: () => ready },
    /** Replaces a worker each time that it ends. */
    async keepFilled(first: ForkedWorker, start: StartWorker): Promise<void> {
      for (let worker = first; ; worker = fork(start)) {
        const reason = await endOf(worker);
        if (isStopping) return;
        deps.logger.error({ reason }, 'a gateway worker ended: another one takes its place');
        await sleep(restartMs, undefined, { ref: false });
        if (isStopping) return;
      }
    },
    killAll(): void {
      for (const worker of running) worker.kill();
    },
    endReplacing(): void {
      isStopping = true;
    },
  };
}
