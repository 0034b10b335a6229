export interface PendingCall<Result> {
  resolve(value: Result): void;
  reject(error: Error): void;
}

/** Calls to another process, until their results arrive. */
export interface NumberedCalls<Argument, Result> {
  /** Buffers a call until the next `drain`. Resolves with its result. */
  call(argument: Argument): Promise<Result>;
  /**
   * Removes the buffered calls and returns them. The first one has the number `first`. The numbers of the others are
   * consecutive.
   */
  drain(): { readonly first: number; readonly arguments: readonly Argument[] };
  /** Removes and returns the pending call with a number. Returns undefined if the call already has a result. */
  settle(number: number): PendingCall<Result> | undefined;
}

/** Creates an empty set of calls. Calls are numbered from 0 in order, so a result needs only the number. */
export function createNumberedCalls<Argument, Result>(): NumberedCalls<Argument, Result> {
  const pending = new Map<number, PendingCall<Result>>();
  let buffered: Argument[] = [];
  let next = 0;
  return {
    call: (argument) =>
      new Promise<Result>((resolve, reject) => {
        pending.set(next, { resolve, reject });
        next += 1;
        buffered.push(argument);
      }),
    drain() {
      const drained = { first: next - buffered.length, arguments: buffered };
      buffered = [];
      return drained;
    },
    settle(number) {
      const call = pending.get(number);
      pending.delete(number);
      return call;
    },
  };
}
