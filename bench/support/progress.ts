const startedMs = performance.now();

/** Prints a progress line to standard error. Standard output contains only the result. */
export function report(line: string): void {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(7);
  process.stderr.write(`${seconds} s  ${line}\n`);
}
