import { spawn } from 'node:child_process';
import { url as inspectorUrl } from 'node:inspector';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../logger.ts';
import { watchdogBytes } from './watchdog-messages.ts';

export interface WatchdogConfig {
  /** Name of the watched process in the log lines of the watchdog. */
  readonly part: string;
  /** Names of the components with native code, for the log line after a crash: `A, B or C`. */
  readonly nativeParts: string;
  /** The watchdog kills the process after this time without a heartbeat. */
  readonly freezeLimitMs: number;
}

export interface Watchdog {
  /**
   * Starts the heartbeats. Call this method only when the process is ready, because a migration may block the event
   * loop for a long time.
   */
  startHeartbeats(): void;
}

const heartbeatMs = 1000;
/** Maximum number of heartbeats that wait if the watchdog does not read. Further heartbeats are not sent. */
const maxWaitingBytes = 60;
const program = fileURLToPath(new URL(`./watchdog-process${import.meta.url.slice(-3)}`, import.meta.url));

/**
 * Starts a small process that watches this process until it ends. The watchdog writes one log line if this process
 * ends through a native crash or SIGKILL. The watchdog also kills this process if its event loop sends no heartbeat
 * within the limit.
 *
 * The watchdog is a child of this process, not its parent. This process therefore keeps its process id, its signals,
 * its exit code and its role as PID 1, even if the watchdog fails.
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
  // Ignores write errors, which occur after the watchdog has ended. The end of the watchdog is already logged.
  stdin.on('error', () => {});
  // The watchdog must not keep this process running.
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
  // A handler of `exit` cannot wait for a write. The byte is still sent, because libuv writes to a pipe immediately
  // if the pipe has free space.
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
