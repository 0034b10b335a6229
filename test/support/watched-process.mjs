// This process starts a watchdog with a short limit. Then this process exits, or blocks its event loop like a native
// call that never returns.
import { createLogger } from '../../dist/src/platform/logger.js';
import { startWatchdog } from '../../dist/src/platform/native/watchdog.js';

const watchdog = startWatchdog(
  { part: 'test', nativeParts: 'none', freezeLimitMs: 2000 },
  createLogger({ logLevel: 'warn' }),
);
watchdog.startHeartbeats();
const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
// A turn of the event loop sends the first heartbeat.
setTimeout(process.argv[2] === 'exit' ? () => process.exit(3) : block, 100);
