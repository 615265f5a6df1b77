import { useSyncExternalStore } from 'react';

const KEY = 'chatdesk.handed';
/** So many are remembered. */
export const MOST_HANDED = 200;

type Place = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Sessions that somebody gave to me and that I have not opened since, though all in them may have
 * been read. They are remembered in this browser, for all its tabs.
 */
export class Handed {
  readonly #listeners = new Set<() => void>();
  readonly #place: Place;
  #ids: ReadonlySet<string>;

  constructor(place: Place) {
    this.#place = place;
    this.#ids = read(place);
  }

  has(sessionId: string): boolean {
    return this.#ids.has(sessionId);
  }

  add(sessionId: string): void {
    this.#change((ids) => [...ids.filter((id) => id !== sessionId), sessionId]);
  }

  /** It was opened, or is mine no more. */
  drop(sessionId: string): void {
    if (this.has(sessionId)) this.#change((ids) => ids.filter((id) => id !== sessionId));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another tab has changed it. */
  readonly readAgain = (): void => {
    this.#ids = read(this.#place);
    this.#listeners.forEach((listener) => {
      listener();
    });
  };

  #change(change: (ids: readonly string[]) => readonly string[]): void {
    // From what stands there: another tab may have added to it.
    const ids = change([...read(this.#place)]).slice(-MOST_HANDED);
    try {
      this.#place.setItem(KEY, JSON.stringify(ids));
    } catch {
      // The storage is full or forbidden: nothing is lost but a mark.
    }
    this.readAgain();
  }
}

function read(place: Place): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(place.getItem(KEY) ?? '[]');
    const isId = (id: unknown): id is string => typeof id === 'string';
    return new Set(Array.isArray(kept) ? kept.filter(isId) : []);
  } catch {
    return new Set();
  }
}

let shared: Handed | undefined;

/** Those of this browser. */
export function handed(): Handed {
  if (shared !== undefined) return shared;
  const made = new Handed(localStorage);
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY) made.readAgain();
  });
  shared = made;
  return made;
}

/** Tells whether a session was assigned to the viewer and not opened since. */
export function useHanded(sessionId: string): boolean {
  return useSyncExternalStore(handed().subscribe, () => handed().has(sessionId));
}
