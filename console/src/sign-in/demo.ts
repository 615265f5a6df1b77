import { clock, timed } from '../clock/clock';
import { expiryOf, lapses, SignedOut, type Identity } from './identity';

/** Somebody whom one can be on the local run. */
export interface DemoPerson {
  as: string;
  name: string;
  description: string;
}

// Of this tab only, so that two tabs can be two people.
const KEY = 'chatdesk.demo';

interface Kept {
  as: string;
  token: string;
}

export async function demoPeople(): Promise<DemoPerson[]> {
  const { people } = await ask<{ people: DemoPerson[] }>('/dev/people');
  return people;
}

/** Signs in as a demo person. */
export async function signInAs(as: string): Promise<Identity> {
  await renewed(as);
  return demoIdentity(as);
}

/** Returns the person who signed in on this tab before it was reloaded. */
export function restoreDemo(): Identity | undefined {
  const as = kept()?.as;
  return as === undefined ? undefined : demoIdentity(as);
}

function demoIdentity(as: string): Identity {
  return {
    token: async () => {
      const token = kept()?.token;
      if (token === undefined) throw new SignedOut();
      return lapses(expiryOf(token), clock.now()) ? renewed(as) : token;
    },
    renew: () => renewed(as),
    signOut: () => {
      sessionStorage.removeItem(KEY);
      return Promise.resolve();
    },
  };
}

async function renewed(as: string): Promise<string> {
  const { token } = await ask<{ token: string }>(`/dev/token?as=${encodeURIComponent(as)}`);
  sessionStorage.setItem(KEY, JSON.stringify({ as, token } satisfies Kept));
  return token;
}

function kept(): Kept | undefined {
  const text = sessionStorage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as Kept);
}

async function ask<T>(path: string): Promise<T> {
  const response = await timed(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
