import cluster from 'node:cluster';
import { createWorkerLink, type WorkerLink, type WorkerLinkDeps } from './ipc-server.ts';
import type { FromMain, FromStart, FromWorker, StartWorker } from './messages.ts';

/** A worker's process, seen from the main one. */
export interface ForkedWorker extends Pick<WorkerLink, 'stop'> {
  /** Resolves when the worker knows all that the control store has now, or has not read of it yet, or has ended. */
  look(): Promise<void>;
  /** The URL at which it takes connections. @throws Error that says why it does not. */
  readonly ready: Promise<string>;
  /** How it has ended. Never fails. */
  readonly exited: Promise<string>;
  /** At once, whatever it is at. */
  kill(): void;
}

export function forkWorker(start: StartWorker, deps: Omit<WorkerLinkDeps, 'send'>): ForkedWorker {
  const worker = cluster.fork();
  const send = (message: FromMain | StartWorker) => {
    // What cannot be sent, nobody waits for: the worker has ended.
    if (worker.isConnected()) worker.send(message, () => {});
  };
  const link = createWorkerLink({ ...deps, send });
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    send(start);
  };
  const exited = new Promise<string>((resolve) => {
    const end = (how: string) => {
      link.ended();
      resolve(how);
    };
    worker.once('exit', (code: number, signal: string | null) => end(signal ?? `code ${code}`));
    // Where no process can be made, none exits.
    worker.on('error', (error) => worker.process.pid === undefined && end(error.message));
  });
  const ready = new Promise<string>((resolve, reject) => {
    void exited.then((how) => reject(new Error(`a gateway worker ended: ${how}`)));
    worker.on('message', (message: FromWorker | FromStart) => {
      if (!('kind' in message)) link.take(message);
      // What is sent before it hears is lost: Node itself listens from the beginning, and keeps nothing.
      else if (message.kind === 'hears') begin();
      else if (message.kind === 'listens') resolve(message.url);
      else reject(new Error(message.reason));
    });
  });
  // It may fail before anybody waits for it.
  ready.catch(() => {});
  const kill = () => void worker.process.kill('SIGKILL');
  return {
    ready,
    exited,
    look: () => (hasBegun ? link.look() : Promise.resolve()),
    // One that does not hear yet has nothing under way.
    stop: () => (hasBegun ? link.stop() : kill()),
    kill,
  };
}
