/** The fault that strace injects in place of a system call. */
export type InjectedFault =
  | { readonly kind: 'kill' }
  | { readonly kind: 'error'; readonly error: 'ENOSPC' | 'EIO' };

/**
 * Returns the command prefix that runs a process under strace and injects a fault at one path. `-D` makes the
 * process, and not strace, the child, so that signals reach it and its exit code is returned.
 * @param when which calls fail, counted per thread from 1, in strace syntax: `1`, `5`, `5+`.
 */
export function injectAt(
  syscalls: readonly string[],
  path: string,
  injected: InjectedFault,
  when = '1',
): readonly string[] {
  const names = syscalls.join(',');
  const effect = injected.kind === 'kill' ? 'signal=SIGKILL' : `error=${injected.error}`;
  return [
    ...['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-P', path],
    ...['-e', `trace=${names}`, '-e', `inject=${names}:${effect}:when=${when}`],
  ];
}
