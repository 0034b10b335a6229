import { writeSync } from 'node:fs';
import { watchdogBytes } from './watchdog-messages.ts';

// Entry point of the watchdog process (watchdog.ts). It has few imports, because every instance of watmeter runs a
// watchdog.

const [part = '', nativeParts = '', freezeLimit = '30000'] = process.argv.slice(2);
const freezeLimitMs = Number(freezeLimit);
const lookMs = 500;
const watchedPid = process.ppid;

let expectsHeartbeats = false;
let isExiting = false;
/**
 * Time since the last heartbeat, counted only while the watchdog itself runs. If the process group is stopped, the
 * machine is suspended or the machine has no free CPU, the watched process must not be killed.
 */
let silentMs = 0;
let lookedAtMs = performance.now();

function write(message: string): void {
  const line = { level: 60, time: new Date().toISOString(), part, pid: watchedPid, msg: message };
  try {
    writeSync(2, `${JSON.stringify(line)}\n`);
  } catch {
    // Standard error is closed or full. The exit code of the watched process still shows the failure.
  }
}

function killIfFrozen(): void {
  const nowMs = performance.now();
  silentMs += Math.min(nowMs - lookedAtMs, 2 * lookMs);
  lookedAtMs = nowMs;
  if (!expectsHeartbeats || silentMs < freezeLimitMs || process.ppid !== watchedPid) return;
  isExiting = true;
  expectsHeartbeats = false;
  process.kill(watchedPid, 'SIGKILL');
  const seconds = Math.round(silentMs / 1000);
  write(
    `${part} is frozen: its event loop has not run for ${seconds} s. The watchdog has killed it with SIGKILL`,
  );
}

// Terminals and service managers send these signals to the whole process group. The watchdog ignores them, and ends
// when the watched process ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
setInterval(killIfFrozen, lookMs).unref();

process.stdin.on('data', (bytes) => {
  silentMs = 0;
  const text = String(bytes);
  expectsHeartbeats ||= text.includes(watchdogBytes.heartbeat);
  isExiting ||= text.includes(watchdogBytes.exiting);
});
process.stdin.on('end', () => {
  if (!isExiting)
    write(
      `${part} has ended without stopping: a native crash in ${nativeParts}, or SIGKILL. ` +
        'Its exit status names the signal',
    );
});
