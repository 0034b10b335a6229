/**
 * Returns the result of `work` if it settles within `timeoutMs`. A later result is ignored.
 * @throws Error if `work` does not settle in time.
 */
export async function withTimeLimit<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/** Waits until `work` settles, but at most `timeoutMs`. Never rejects. */
export async function waitAtMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  await withTimeLimit(timeoutMs, work).catch(() => {});
}
