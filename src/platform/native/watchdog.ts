import { spawn } from 'node:child_process';
import { url as inspectorUrl } from 'node:inspector';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../logger.ts';
import { watchdogBytes } from './watchdog-messages.ts';

export interface WatchdogConfig {
  /** Name of the watched process in the log lines of the watchdog. */
  readonly part: string;
  /** The parts with native code, to name them after a crash: `A, B or C`. */
  readonly nativeParts: string;
  /** The watchdog kills the process after this time without a heartbeat. */
  readonly freezeLimitMs: number;
}

export interface Watchdog {
  /** Starts the heartbeats. Call it when the process is ready: a migration may block the event loop for long. */
  startHeartbeats(): void;
}

const heartbeatMs = 1000;
/** Number of bytes that may wait for a watchdog that does not read. */
const maxWaitingBytes = 60;
const program = fileURLToPath(new URL(`./watchdog-process${import.meta.url.slice(-3)}`, import.meta.url));

/**
 * Starts a small process that watches this one until it ends. The watchdog writes one log line if this process ends
 * by a native crash or SIGKILL. It also kills this process if its event loop sends no heartbeat within the limit.
 *
 * The watchdog is a child, not a parent. This process therefore keeps its process id, its signals, its exit code and
 * its role as PID 1, also if the watchdog fails.
 *
 * Returns undefined under a debugger, because a breakpoint stops the heartbeats.
 */
export function startWatchdog(config: WatchdogConfig, logger: Logger): Watchdog | undefined {
  if (inspectorUrl() !== undefined) return undefined;
  const { part, nativeParts, freezeLimitMs } = config;
  const child = spawn(process.execPath, [program, part, nativeParts, String(freezeLimitMs)], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {},
  });
  const { stdin } = child;
  child.once('error', (error) => logger.warn({ err: error }, 'the watchdog could not start'));
  child.once('exit', (code, signal) =>
    logger.warn({ code, signal }, 'the watchdog has ended: a crash of this process will not be explained'),
  );
  // A write to a watchdog that has ended fails. The end is already logged.
  stdin.on('error', () => {});
  // The watchdog must not keep this process running.
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
  // The `exit` handler cannot wait. libuv writes to a pipe with free space immediately.
  process.once('exit', () => stdin.write(watchdogBytes.exiting));
  return {
    startHeartbeats() {
      const beat = () => {
        if (stdin.writable && stdin.writableLength < maxWaitingBytes) stdin.write(watchdogBytes.heartbeat);
      };
      beat();
      setInterval(beat, heartbeatMs).unref();
    },
  };
}
