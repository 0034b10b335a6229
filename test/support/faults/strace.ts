/** What strace does at a system call instead of executing it. */
export type InjectedFault =
  | { readonly kind: 'kill' }
  | { readonly kind: 'error'; readonly error: 'ENOSPC' | 'EIO' };

/**
 * Returns the command prefix that runs a process under strace and injects a fault at one path. `-D` makes the
 * process, and not strace, the child, so that signals reach it and its exit code is returned.
 * @param when the calls that fail, counted per thread from 1, in the syntax of strace: `1`, `5`, `5+`.
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
