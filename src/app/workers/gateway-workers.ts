import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../../platform/logger.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import { type ForkedWorker, forkWorker } from './forked-worker.ts';
import type { WorkerLinkDeps } from './ipc-server.ts';
import type { StartWorker } from './messages.ts';

export interface GatewayWorkersDeps extends Omit<WorkerLinkDeps, 'send'> {
  readonly logger: Logger;
}

export interface GatewayWorkers {
  readonly check: ReadinessCheck;
  /**
   * Resolves when all workers accept connections. If one cannot start, it stops all workers and rejects with the
   * reason.
   */
  start(start: StartWorker): Promise<void>;
  /** Stops the workers. Resolves when they have responded to all open requests and exited. */
  stop(): Promise<void>;
  /** Returns the number of workers that accept connections now. */
  ready(): number;
  /** Returns the URL at which all workers accept connections. Call it only after `start`. */
  address(): string;
  /** Makes every worker read the control store. Resolves when all of them have read its current state. */
  refresh(): Promise<void>;
}

/**
 * Size of the young heap generation. It is smaller than in the main process (bin/watmeter.cjs), because a larger size
 * did not make workers faster.
 */
const youngHeapMiB = 16;
/** Delay before a replacement starts. Without it, a worker that always fails at start would use all CPU time. */
const restartMs = 500;

/**
 * Creates the worker processes that handle the gateway's requests, so that the gateway uses every core. Connections
 * are distributed to the workers round robin. A worker decrypts tokens and starts sessions. It responds after the
 * event is durable in the main process's journal. A worker that exits is replaced. All workers exit with the main
 * process, even if the main process is killed (docs/how-to/scale-out.md, Gateway workers).
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

    async refresh() {
      await Promise.all([...pool.running].map((worker) => worker.refresh()));
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

/** Creates the pool of running workers. The pool replaces a worker that exits, until `endReplacing` is called. */
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

  /**
   * Resolves when a worker has exited, with the reason. Until then, the worker counts as ready if its start
   * succeeded.
   */
  async function endOf(worker: ForkedWorker): Promise<string> {
    const trouble = await worker.ready.then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (trouble === undefined) ready += 1;
    const exitReason = await worker.exited;
    if (trouble === undefined) ready -= 1;
    return trouble ?? exitReason;
  }

  return {
    ...{ running, fork, ready: () => ready },
    /** Replaces a worker each time it exits. */
    async keepFilled(first: ForkedWorker, start: StartWorker): Promise<void> {
      for (let worker = first; ; worker = fork(start)) {
        const reason = await endOf(worker);
        if (isStopping) return;
        deps.logger.error({ reason }, 'a gateway worker ended: a new worker replaces it');
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
