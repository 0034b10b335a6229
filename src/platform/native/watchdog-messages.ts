/** Bytes that a watched process writes to its watchdog. */
export const watchdogBytes = {
  /** The event loop runs. From the first heartbeat on, the watchdog expects more of them. */
  heartbeat: 'b',
  /** The process is exiting in an orderly way. Without this byte, the end of the pipe means a crash or SIGKILL. */
  exiting: 'e',
} as const;
