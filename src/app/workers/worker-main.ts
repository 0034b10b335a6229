// Entry point of a gateway worker process (gateway-workers.ts). The first message from the parent contains the
// settings. The process exits with its parent.
import { reasonOf } from '../../platform/errors/errors.ts';
import type { FromMain, FromStart, FromWorker, StartWorker } from './messages.ts';
import { createWorkerApp } from './worker-app.ts';

/** Messages that arrived before the app was created. */
const earlyMessages: FromMain[] = [];
let take = (message: FromMain): void => void earlyMessages.push(message);

/**
 * Sends a message to the parent. If the parent has exited, the message is dropped, because Node then terminates the
 * worker.
 */
function sendToParent(message: FromWorker | FromStart, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
}

async function serve(start: StartWorker): Promise<void> {
  const app = await createWorkerApp(start, {
    send: sendToParent,
    // The process exits only after the last message is sent, because an exit closes the channel.
    ended: (lastMessage) => sendToParent(lastMessage, () => process.exit(0)),
  });
  take = app.take;
  for (const message of earlyMessages.splice(0)) take(message);
  await app.start();
  sendToParent({ kind: 'listening', url: app.address() });
}

process.title = 'watmeter gateway worker';
// Ctrl+C sends a signal to all processes of a terminal. The workers ignore the signal, because the parent decides the
// order of the shutdown.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});

process.on('message', (message: StartWorker | FromMain) => {
  if (message.kind !== 'start') return take(message);
  serve(message).catch((error: unknown) => {
    sendToParent({ kind: 'failed', reason: reasonOf(error) }, () => process.exit(1));
  });
});
sendToParent({ kind: 'ready-for-messages' });
