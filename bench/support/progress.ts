const startedMs = performance.now();

/** One line of progress. On standard error: standard output belongs to the result. */
export function report(line: string): void {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(7);
  process.stderr.write(`${seconds} s  ${line}\n`);
}
