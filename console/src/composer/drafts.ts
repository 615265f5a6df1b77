import type { Quote } from './outbox';

/** What somebody began to write in a session. */
export interface Draft {
  text: string;
  isNote: boolean;
  quote?: Quote | undefined;
}

export const EMPTY: Draft = { text: '', isNote: false };

/** A message has at most so many characters. */
export const MOST_CHARACTERS = 8_000;
export const MOST_DRAFTS = 50;

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'chatdesk.draft:';
// Neither a person's id nor a session's has a space.
const keyOf = (personId: string, sessionId: string) => `${PREFIX}${personId} ${sessionId}`;

/** What a person began to write in a session before. */
export function readDraft(place: Place, personId: string, sessionId: string): Draft {
  try {
    const kept = JSON.parse(place.getItem(keyOf(personId, sessionId)) ?? 'null') as unknown;
    return isDraft(kept) ? { text: kept.text, isNote: kept.isNote, quote: kept.quote } : EMPTY;
  } catch {
    return EMPTY;
  }
}

/** Keeps a draft for later; of too many the oldest goes. */
export function keepDraft(
  place: Place,
  personId: string,
  sessionId: string,
  draft: Draft,
  now: number,
): void {
  const key = keyOf(personId, sessionId);
  try {
    if (draft.text.trim() === '' && draft.quote === undefined) {
      place.removeItem(key);
      return;
    }
    const text = draft.text.slice(0, 2 * MOST_CHARACTERS);
    place.setItem(key, JSON.stringify({ ...draft, text, at: now }));
    forget(place);
  } catch {
    // The storage is full or forbidden: the draft lives as long as the page.
  }
}

function forget(place: Place): void {
  const keys = Array.from({ length: place.length }, (_, index) => place.key(index) ?? '');
  const drafts = keys
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, at: timeOf(place.getItem(key)) }))
    .sort((one, other) => other.at - one.at);
  for (const { key } of drafts.slice(MOST_DRAFTS)) place.removeItem(key);
}

function timeOf(kept: string | null): number {
  try {
    const { at } = JSON.parse(kept ?? '{}') as { at?: unknown };
    return typeof at === 'number' ? at : 0;
  } catch {
    return 0;
  }
}

function isDraft(value: unknown): value is Draft {
  const { text, isNote, quote } = (value ?? {}) as Partial<Draft>;
  return (
    typeof text === 'string' &&
    typeof isNote === 'boolean' &&
    (quote === undefined || (typeof quote.id === 'string' && typeof quote.text === 'string'))
  );
}
