/** Signals for which chdb installs handlers: those of native crashes, and SIGTSTP (Ctrl+Z). */
const handledSignals = [
  ...(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'] as const),
  'SIGTSTP',
] as const;

/**
 * Restores the operating system's default action for the signals of native crashes, so that a crash ends the process
 * immediately. The embedded ClickHouse engine installs handlers for these signals. Such a handler waits up to 5
 * minutes for a thread that only a ClickHouse server has. During this time, the process keeps its port and its data
 * directory, and does not react to SIGTERM.
 *
 * Node has no function for this. When the last listener of a signal is removed, libuv sets the default action
 * (https://docs.libuv.org/en/v1.x/signal.html). The action of a signal with other listeners does not change.
 */
export function restoreDefaultSignalActions(): void {
  for (const signal of handledSignals) {
    const listener = () => {};
    process.on(signal, listener);
    process.off(signal, listener);
  }
}
