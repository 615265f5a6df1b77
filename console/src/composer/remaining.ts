/** The time that is left until a moment, as it is said. */
export interface Remaining {
  hours: number;
  minutes: number;
  /** True if less than an hour is left. */
  isSoon: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Counts the whole minutes until a moment: nobody is promised more. The last one counts to its end. */
export function remaining(until: Date, now: Date): Remaining {
  const left = Math.max(0, until.getTime() - now.getTime());
  const minutes = Math.max(1, Math.floor(left / MINUTE));
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60, isSoon: left < HOUR };
}
