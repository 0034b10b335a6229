/** Signals of native crashes, and SIGTSTP (Ctrl+Z), which the engine also handles. */
const handledSignals = [
  ...(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'] as const),
  'SIGTSTP',
] as const;

/**
 * Restores the operating system's default action for the signals of native crashes, so that a crash ends the process
 * at once. The embedded ClickHouse engine installs handlers for these signals. A handler waits up to 5 minutes for a
 * thread that only a ClickHouse server has. Until then, the process keeps its port and its data directory, and does
 * not react to SIGTERM.
 *
 * Node has no function for this. libuv sets the default action when the last listener of a signal is removed
 * (https://docs.libuv.org/en/v1.x/signal.html). A signal with a listener keeps it.
 */
export function restoreDefaultSignalActions(): void {
  for (const signal of handledSignals) {
    const listener = () => {};
    process.on(signal, listener);
    process.off(signal, listener);
  }
}
