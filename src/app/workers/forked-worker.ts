import cluster from 'node:cluster';
import { createWorkerLink, type WorkerLink, type WorkerLinkDeps } from './ipc-server.ts';
import type { FromMain, FromStart, FromWorker, StartWorker } from './messages.ts';

/** A worker process, as the main process sees it. */
export interface ForkedWorker extends Pick<WorkerLink, 'stop'> {
  /**
   * Makes the worker read the control store. Resolves when the worker has read its current state, has exited, or has
   * not started to read.
   */
  refresh(): Promise<void>;
  /**
   * Resolves to the URL at which the worker accepts connections. Rejects with the reason if the worker cannot start.
   */
  readonly ready: Promise<string>;
  /** Resolves when the worker has exited, with the reason. Never rejects. */
  readonly exited: Promise<string>;
  /** Kills the worker immediately. Its open requests fail. */
  kill(): void;
}

/**
 * Starts a worker process. The worker first reports that it receives messages. Then the main process sends the
 * settings.
 */
export function forkWorker(start: StartWorker, deps: Omit<WorkerLinkDeps, 'send'>): ForkedWorker {
  const worker = cluster.fork();
  const send = (message: FromMain | StartWorker) => {
    // If the message cannot be sent, the worker has exited and no caller waits for it.
    if (worker.isConnected()) worker.send(message, () => {});
  };
  const link = createWorkerLink({ ...deps, send });
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    send(start);
  };
  const exited = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      link.ended();
      resolve(reason);
    };
    worker.once('exit', (code: number, signal: string | null) => end(signal ?? `code ${code}`));
    // If the process cannot be created, Node emits `error` but no `exit`.
    worker.on('error', (error) => worker.process.pid === undefined && end(error.message));
  });
  const ready = new Promise<string>((resolve, reject) => {
    void exited.then((reason) => reject(new Error(`a gateway worker ended: ${reason}`)));
    worker.on('message', (message: FromWorker | FromStart) => {
      if (!('kind' in message)) link.take(message);
      // Node does not buffer messages, so the settings would be lost if they were sent before `ready-for-messages`.
      else if (message.kind === 'ready-for-messages') begin();
      else if (message.kind === 'listening') resolve(message.url);
      else reject(new Error(message.reason));
    });
  });
  // `ready` can reject before a caller awaits it. Without this handler, the rejection would be unhandled and end the
  // process.
  ready.catch(() => {});
  const kill = () => void worker.process.kill('SIGKILL');
  return {
    ready,
    exited,
    refresh: () => (hasBegun ? link.refresh() : Promise.resolve()),
    // A worker that has not started yet has no open requests.
    stop: () => (hasBegun ? link.stop() : kill()),
    kill,
  };
}
