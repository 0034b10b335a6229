export interface PendingCall<Result> {
  resolve(value: Result): void;
  reject(error: Error): void;
}

/** Calls to another process that are not answered yet. */
export interface NumberedCalls<Argument, Result> {
  /** Buffers a call until the next `drain`. Settles with its answer. */
  call(argument: Argument): Promise<Result>;
  /** Returns and removes the buffered calls. The first one has the number `first`, and the others follow in order. */
  drain(): { readonly first: number; readonly arguments: readonly Argument[] };
  /** Returns and removes the unanswered call of a number. Undefined if it was answered before. */
  settle(number: number): PendingCall<Result> | undefined;
}

/** Returns an empty set of calls. Calls are numbered from 0 in their order, so that an answer needs only a number. */
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
