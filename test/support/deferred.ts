export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

/** Returns a promise that the test resolves. (`Promise.withResolvers` is not in Node 20.) */
export function createDeferred<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
