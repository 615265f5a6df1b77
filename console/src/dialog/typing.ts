/** Somebody who types, as the feed says. */
export interface Typist {
  name: string;
  isClient: boolean;
}

const SHORTEST = 1_000;
const LONGEST = 10_000;

/**
 * How long somebody counts as typing, in milliseconds. The clock of this machine may be wrong, and
 * then it is neither never nor forever.
 */
export function lasts(until: string, now: number): number {
  const left = Date.parse(until) - now;
  return Number.isNaN(left) ? SHORTEST : Math.min(LONGEST, Math.max(SHORTEST, left));
}
