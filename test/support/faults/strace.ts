/** What strace does at a system call instead of letting it through. */
export type Planted =
  | { readonly kind: 'kill' }
  | { readonly kind: 'error'; readonly error: 'ENOSPC' | 'EIO' };

/**
 * The command to run a process under, so that something goes wrong at one path. With `-D` the process itself, and
 * not strace, is the child: its signals and its end are its own.
 * @param when which calls, counted for each thread from 1, as strace has it: `1`, `5`, `5+`.
 */
export function plantAt(
  syscalls: readonly string[],
  path: string,
  planted: Planted,
  when = '1',
): readonly string[] {
  const names = syscalls.join(',');
  const effect = planted.kind === 'kill' ? 'signal=SIGKILL' : `error=${planted.error}`;
  return [
    ...['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-P', path],
    ...['-e', `trace=${names}`, '-e', `inject=${names}:${effect}:when=${when}`],
  ];
}
