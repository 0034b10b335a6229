/** Bytes that a watched process writes to its watchdog. */
export const watchdogBytes = {
  /** Heartbeat: the event loop runs. After the first heartbeat, the watchdog expects further ones. */
  heartbeat: 'b',
  /**
   * The process is exiting normally. If the pipe ends without this byte, the process has crashed or was killed with
   * SIGKILL.
   */
  exiting: 'e',
} as const;
