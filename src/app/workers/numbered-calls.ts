export interface PendingCall<Result> {
  resolve(value: Result): void;
  reject(error: Error): void;
}

/** Calls to another process that wait for their answers. */
export interface NumberedCalls<Argument, Result> {
  /** Buffers a call until the next `drain`. Resolves or rejects as its answer says. */
  call(argument: Argument): Promise<Result>;
  /** Takes the buffered calls. They are numbered on from `first`, in their order. */
  drain(): { readonly first: number; readonly arguments: readonly Argument[] };
  /** Takes the call of a number, which is answered; undefined when it has been answered before. */
  settle(number: number): PendingCall<Result> | undefined;
}

/** Returns calls that are numbered from 0 in their order, so that an answer needs only a number. */
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
