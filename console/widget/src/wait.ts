/** Waits a growing time between tries, and ends a wait early when there is news. */
export class Backoff {
  private tries = 0;
  private readonly wakers = new Set<() => void>();

  constructor(
    private readonly shortestMillis: number,
    private readonly longestMillis: number,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * Returns the time of the next wait. It doubles each time, and chance takes away up to half of
   * it.
   */
  next(): number {
    const most = Math.min(this.longestMillis, this.shortestMillis * 2 ** this.tries);
    this.tries += 1;
    // Everybody who lost the same server must not come back at the same instant.
    return most * (0.5 + this.random() / 2);
  }

  /** Waits; never less than `atLeastMillis`, unless it is woken. */
  wait(atLeastMillis = 0): Promise<void> {
    const millis = Math.max(this.next(), atLeastMillis);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.wakers.add(done);
    });
  }

  /** Something works again: the next wait is short. */
  reset(): void {
    this.tries = 0;
  }

  /** Ends the waits that go on. */
  wake(): void {
    this.reset();
    for (const done of [...this.wakers]) done();
  }
}
