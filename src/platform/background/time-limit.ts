/** The answer of something, or its failure. @throws Error when neither is there in time: what comes later is nobody's. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/** Waits for something that is good to have but must not hold up the rest; its failure is nobody's concern. */
export async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  await within(timeoutMs, work).catch(() => {});
}
