const LONGEST = 30_000;

/**
 * Returns the time to wait before the next try. It doubles each time, up to half a minute. Chance
 * takes away up to half of it, so that clients that were cut off together do not come back
 * together.
 */
export function backoff(tries: number, chance: number): number {
  const whole = Math.min(LONGEST, 500 * 2 ** tries);
  return whole / 2 + (whole / 2) * chance;
}

/** Waits before the next try; not longer than until the browser is online again. */
export function pause(tries: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, backoff(tries, Math.random()));
    window.addEventListener('online', done);
  });
}
