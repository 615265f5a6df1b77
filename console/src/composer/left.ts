import type { Said } from '../error/refusal';
import { areFiles } from '../upload/uploads';
import type { Outgoing } from './outbox';

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** The store for messages that are not sent yet, so that they outlive a closed tab. */
export interface Keeper {
  put: (outgoing: Outgoing) => void;
  drop: (id: string) => void;
}

const PREFIX = 'chatdesk.outgoing:';
// Neither a person's id nor a message's has a space.
const keyOf = (personId: string, id: string) => `${PREFIX}${personId} ${id}`;

/** Keeps each message by itself: several tabs keep theirs in the same place. */
export function keeperIn(place: Place, personId: string, pageId: string): Keeper {
  return {
    put: (outgoing) => {
      try {
        place.setItem(keyOf(personId, outgoing.id), JSON.stringify({ ...outgoing, pageId }));
      } catch {
        // The storage is full or forbidden: what is written is sent all the same.
      }
    },
    drop: (id) => {
      place.removeItem(keyOf(personId, id));
    },
  };
}

// An older message may be out of place by now: its author decides.
const FRESH = 10 * 60_000;

/**
 * Returns the unsent messages of closed pages, oldest first. A message may have reached the service
 * already, so it is sent again with the same id. An old one is not sent without its author.
 */
export function leftIn(
  place: Place,
  personId: string,
  isOpen: (pageId: string) => boolean,
  now: number,
): Outgoing[] {
  const prefix = keyOf(personId, '');
  return Array.from({ length: place.length }, (_, index) => place.key(index) ?? '')
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => read(place.getItem(key)) ?? [])
    .filter(({ pageId }) => !isOpen(pageId))
    .sort((one, other) => one.at.localeCompare(other.at))
    .map((one) => asLeft(one, now));
}

function asLeft(outgoing: Outgoing, now: number): Outgoing {
  if (outgoing.state.kind === 'failed') return outgoing;
  if (now - Date.parse(outgoing.at) <= FRESH) return { ...outgoing, state: { kind: 'sending' } };
  return { ...outgoing, state: { kind: 'failed', said: { key: 'composer.left' } } };
}

type Stored = Outgoing & { pageId: string };

function read(kept: string | null): Stored | undefined {
  try {
    const value: unknown = JSON.parse(kept ?? 'null');
    return isStored(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is Stored {
  const { id, sessionId, text, at, pageId, isNote, quote, files, state } = (value ??
    {}) as Partial<Stored>;
  const texts = [id, sessionId, text, at, pageId, state?.kind];
  return (
    texts.every((one) => typeof one === 'string') &&
    typeof isNote === 'boolean' &&
    (quote === undefined || (typeof quote.id === 'string' && typeof quote.text === 'string')) &&
    areFiles(files) &&
    (state?.kind !== 'failed' || typeof (state.said as Partial<Said> | undefined)?.key === 'string')
  );
}

const LOCK = 'chatdesk.page ';

/** Says to other tabs that this page is there, as long as it is. */
export function beOpen(pageId: string): void {
  if (!('locks' in navigator)) return;
  void navigator.locks.request(LOCK + pageId, () => new Promise<never>(() => undefined));
}

/**
 * Returns a test for open pages. A browser without locks counts all pages as closed. Then two pages
 * may send the same message, and the service takes it once.
 */
export async function openPages(): Promise<(pageId: string) => boolean> {
  if (!('locks' in navigator)) return () => false;
  const { held } = await navigator.locks.query();
  const names = new Set(held?.map(({ name }) => name));
  return (pageId) => names.has(LOCK + pageId);
}
