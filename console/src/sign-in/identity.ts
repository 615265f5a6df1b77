/** The person who is signed in on this tab, with their tokens. */
export interface Identity {
  /** A token that is good for a while yet: renewed when it is about to lapse. */
  token(): Promise<string>;
  /** Another token, because the server did not take this one. */
  renew(): Promise<string>;
  signOut(): Promise<void>;
}

/** Thrown where there is no way to a token but signing in again. */
export class SignedOut extends Error {}

const MARGIN = 30_000;

/** Tells whether a token expires within half a minute. Times are in milliseconds since 1970. */
export function lapses(expiresAt: number | undefined, now: number): boolean {
  return expiresAt !== undefined && expiresAt - now < MARGIN;
}

/** The two clocks, in milliseconds since 1970. */
interface Now {
  service: number;
  /** This machine's, which may be wrong. */
  local: number;
}

/**
 * Tells whether a token is about to lapse. A token names its end by the clock of the service. An
 * identity provider says how many seconds are left, and its library adds them to the local time.
 */
export function isEnding(token: string, localEnd: number | undefined, now: Now): boolean {
  const end = expiryOf(token);
  if (end !== undefined) return lapses(end, now.service);
  return lapses(localEnd === undefined ? undefined : localEnd * 1000, now.local);
}

/** Returns the time when a JWT expires, if it says so. */
export function expiryOf(token: string): number | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
