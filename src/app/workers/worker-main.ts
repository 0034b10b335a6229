// The process of a gateway worker (gateway-workers.ts): it serves what the first message says, and ends with its parent.
import { reasonOf } from '../../platform/errors/errors.ts';
import type { FromMain, FromStart, FromWorker, StartWorker } from './messages.ts';
import { createWorkerApp } from './worker-app.ts';

/** Messages that have come before there is somebody to take them. */
const early: FromMain[] = [];
let take = (message: FromMain): void => void early.push(message);

/** A parent that is gone hears nothing, and ends this process, too: Node does so for workers of a cluster. */
function tell(message: FromWorker | FromStart, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
}

async function serve(start: StartWorker): Promise<void> {
  const app = await createWorkerApp(start, {
    send: tell,
    // The last words are on their way before the channel ends.
    ended: (lastWords) => tell(lastWords, () => process.exit(0)),
  });
  take = app.take;
  for (const message of early.splice(0)) take(message);
  await app.start();
  tell({ kind: 'listens', url: app.address() });
}

process.title = 'watmeter gateway worker';
// Ctrl-C is told to all processes of a terminal: the parent says when it is time to stop, and in which order.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});

process.on('message', (message: StartWorker | FromMain) => {
  if (message.kind !== 'start') return take(message);
  serve(message).catch((error: unknown) => {
    tell({ kind: 'failed', reason: reasonOf(error) }, () => process.exit(1));
  });
});
tell({ kind: 'hears' });
