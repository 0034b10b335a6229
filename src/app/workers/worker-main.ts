// Entry point of a gateway worker process (gateway-workers.ts). The first message contains its settings. The
// process exits with its parent.
import { reasonOf } from '../../platform/errors/errors.ts';
import type { FromMain, FromStart, FromWorker, StartWorker } from './messages.ts';
import { createWorkerApp } from './worker-app.ts';

/** Messages that arrived before the app was created. */
const earlyMessages: FromMain[] = [];
let take = (message: FromMain): void => void earlyMessages.push(message);

/**
 * Sends a message to the parent. If the parent is gone, the message is dropped: Node terminates workers with
 * their parent.
 */
function sendToParent(message: FromWorker | FromStart, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
}

async function serve(start: StartWorker): Promise<void> {
  const app = await createWorkerApp(start, {
    send: sendToParent,
    // Exit only after the last message is sent, because an exit closes the channel.
    ended: (lastMessage) => sendToParent(lastMessage, () => process.exit(0)),
  });
  take = app.take;
  for (const message of earlyMessages.splice(0)) take(message);
  await app.start();
  sendToParent({ kind: 'listening', url: app.address() });
}

process.title = 'watmeter gateway worker';
// Ctrl+C signals all processes of a terminal. The workers ignore it, because the parent decides the shutdown
// order.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});

process.on('message', (message: StartWorker | FromMain) => {
  if (message.kind !== 'start') return take(message);
  serve(message).catch((error: unknown) => {
    sendToParent({ kind: 'failed', reason: reasonOf(error) }, () => process.exit(1));
  });
});
sendToParent({ kind: 'ready-for-messages' });
