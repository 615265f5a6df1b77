import { areFiles, type DraftFile } from '../upload/uploads';
import type { Outgoing, Quote } from './outbox';
import { cut } from './written';

interface Begun {
  text: string;
  isNote: boolean;
  quote?: Quote | undefined;
  files?: readonly DraftFile[] | undefined;
}

/** The draft of a session. */
export interface Draft extends Begun {
  /** The reply that a note interrupted: the field shows it again after the note. */
  aside?: Begun | undefined;
}

export const EMPTY: Draft = { text: '', isNote: false };

/** A message has at most so many characters. */
export const MOST_CHARACTERS = 8_000;
export const MOST_DRAFTS = 50;

/** Tells whether there is nothing that could be sent. */
export const isBlank = ({ text, files }: Begun) => text.trim() === '' && !files?.length;
const begunOf = ({ text, isNote, quote, files }: Begun): Begun => ({ text, isNote, quote, files });

/** Returns what was written in words: the text, and the names of the files. */
export function wordsOf({ text, files }: Pick<Begun, 'text' | 'files'>): string {
  return [text.trim(), ...(files ?? []).map(({ name }) => name)].filter(Boolean).join('\n');
}

/** Two of one kind, one after the other. */
function together(first: Begun, second: Begun): Pick<Begun, 'text' | 'files'> {
  const text = [first.text, second.text].filter(Boolean).join('\n');
  const files = [...(first.files ?? []), ...(second.files ?? [])];
  return { text, files: files.length > 0 ? files : undefined };
}

/** A reply is begun. What stands there as a note is laid aside, and never becomes the reply. */
export function replying(draft: Draft, quote: Quote | undefined = draft.quote): Draft {
  if (!draft.isNote) return { ...draft, quote };
  if (isBlank(draft)) return { ...draft, isNote: false, quote };
  return { text: '', isNote: false, quote, aside: begunOf(draft) };
}

/** Somebody says that what stands there is a note, or a reply. What they had laid aside comes back. */
export function turnedTo(draft: Draft, isNote: boolean): Draft {
  const { aside } = draft;
  if (isBlank(draft) && aside?.isNote === isNote) return { ...aside };
  return { ...draft, isNote };
}

/** Returns the draft after a send: the one that was laid aside, or an empty reply. */
export function afterwards({ aside }: Draft): Draft {
  return aside === undefined ? EMPTY : { ...aside };
}

/** Something that was not sent comes back to be written anew: a note as a note, a reply as a reply. */
export function takenBack(draft: Draft, outgoing: Outgoing): Draft {
  const back = begunOf(outgoing);
  const { isNote, quote } = back;
  const { aside } = draft;
  if (isBlank(draft)) return { ...back, quote: quote ?? draft.quote, aside };
  if (draft.isNote === isNote) return { ...draft, ...together(back, draft) };
  if (aside === undefined) return { ...back, aside: begunOf(draft) };
  return aside.isNote === isNote
    ? { ...back, ...together(back, aside), aside: begunOf(draft) }
    : { ...back, aside: { ...aside, ...together(draft, aside) } };
}

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'chatdesk.draft:';
// Neither a person's id nor a session's has a space.
const keyOf = (personId: string, sessionId: string) => `${PREFIX}${personId} ${sessionId}`;

/** Reads the draft that a person left in a session. */
export function readDraft(place: Place, personId: string, sessionId: string): Draft {
  try {
    const kept = JSON.parse(place.getItem(keyOf(personId, sessionId)) ?? 'null') as unknown;
    if (!isBegun(kept)) return EMPTY;
    const { aside } = kept as Draft;
    return { ...begunOf(kept), ...(isBegun(aside) && { aside: begunOf(aside) }) };
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
    if (isBlank(draft) && draft.quote === undefined && draft.aside === undefined) {
      place.removeItem(key);
      return;
    }
    const text = cut(draft.text, 2 * MOST_CHARACTERS);
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

function isBegun(value: unknown): value is Begun {
  const { text, isNote, quote, files } = (value ?? {}) as Partial<Begun>;
  return (
    typeof text === 'string' &&
    typeof isNote === 'boolean' &&
    (quote === undefined || (typeof quote.id === 'string' && typeof quote.text === 'string')) &&
    areFiles(files)
  );
}
