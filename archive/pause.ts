/** Lets whatever else waits run, so that long work on a shared thread holds nobody up. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
