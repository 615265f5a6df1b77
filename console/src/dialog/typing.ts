/** Somebody who types, as the feed says. */
export interface Typist {
  name: string;
  isClient: boolean;
}

const SHORTEST = 1_000;
const LONGEST = 10_000;

/**
 * Returns the time in milliseconds for which a person counts as typing. The clock of this machine
 * may be wrong, so the time is kept between bounds.
 */
export function lasts(until: string, now: number): number {
  const left = Date.parse(until) - now;
  return Number.isNaN(left) ? SHORTEST : Math.min(LONGEST, Math.max(SHORTEST, left));
}
