/** The time that is left until a moment, as it is said. */
export interface Remaining {
  hours: number;
  minutes: number;
  /** True if less than an hour is left. */
  isSoon: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Counts what is left until a moment. A minute that has begun counts whole: the last is one, not 0. */
export function remaining(until: Date, now: Date): Remaining {
  const left = Math.max(0, until.getTime() - now.getTime());
  const minutes = Math.max(1, Math.ceil(left / MINUTE));
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60, isSoon: left < HOUR };
}
