/**
 * The known offset of this machine's clock from the service's. It learns the offset from the `Date` of
 * answers, and is the only place that says what time it is for what the page shows.
 */
export class Clock {
  #offset = 0;
  #isAnswered = false;

  /** Now, as the service has it, in milliseconds. */
  now(local = Date.now()): number {
    return local + this.#offset;
  }

  /** Hears the time of an answer, which is cut to its second, and how long it was on its way. */
  answered(date: string | null, sent: number, received: number): void {
    const at = date === null ? NaN : Date.parse(date);
    if (Number.isNaN(at)) return;
    this.#isAnswered = true;
    const offset = at + HALF_A_SECOND - (sent + received) / 2;
    // A difference within the error of the measurement changes nothing.
    if (Math.abs(offset - this.#offset) > TOLERANCE + (received - sent) / 2) this.#offset = offset;
  }

  /** Hears of something that has just happened, where answers do not tell the time. */
  pushed(at: string, received: number): void {
    const offset = Date.parse(at) - received;
    if (this.#isAnswered || Number.isNaN(offset)) return;
    if (Math.abs(offset - this.#offset) > TOLERANCE) this.#offset = offset;
  }
}

const HALF_A_SECOND = 500;
const TOLERANCE = 2_000;

/** The clock of this page. */
export const clock = new Clock();

/** A `fetch` from whose answers the clock hears. */
export const timed: typeof fetch = async (input, init) => {
  const sent = Date.now();
  const response = await fetch(input, init);
  clock.answered(response.headers.get('date'), sent, Date.now());
  return response;
};
