/** A promise that is settled from outside; a rejection nobody waits for is no accident. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T | Promise<T>) => void;
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(() => undefined);
  }
}
