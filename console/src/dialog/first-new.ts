import { isNew, isUnread, type Entry } from './rows';
import { runAround, type Numbered } from './run';

/** The place where a dialog begins: an entry, its end without one, or unknown until more is read. */
export type Start = { is: 'known'; seq: number | undefined } | { is: 'unread'; around: number };

interface Opened {
  /** All that the cache has of the dialog, in order; parts may be missing. */
  entries: readonly Entry[];
  sessionId: string;
  myId: string;
  /** Up to which entry the viewer has read. */
  readSeq: number;
  unreadCount: number;
}

/** The part around an entry that was asked for: the numbers that came, none if it failed. */
export interface Tried {
  around: number;
  came: readonly number[];
}

/**
 * Returns true if the part around an entry was asked for and can settle nothing any more: it could
 * not be read, or all of it is here. The entries reach the page a moment after the answer.
 */
export function isInVain(
  entries: readonly Numbered[],
  wanted: number,
  tried: Tried | undefined,
): boolean {
  if (tried?.around !== wanted) return false;
  const here = new Set(entries.map(({ seq }) => seq));
  return tried.came.every((seq) => here.has(seq));
}

/** So many entries are more than a screen, and less than half a page. */
const SCREEN = 20;
const END: Start = { is: 'known', seq: undefined };

/**
 * Finds the first entry of this session that the viewer has not read. What is unread has no end
 * before the dialog's, so it lies between the last entry that is known not to be, and the first
 * that is known to be.
 */
export function firstNew({ entries, sessionId, myId, readSeq, unreadCount }: Opened): Start {
  const isUnreadHere = (entry: Entry) => isUnread(entry, readSeq, sessionId);
  const live = runAround(entries);
  if (!live.some((entry) => isUnreadHere(entry) && isNew(entry, myId))) return END;
  const at = entries.findIndex(isUnreadHere);
  const first = entries[at]?.seq ?? 1;
  const read = Math.max(readSeq, entries[at - 1]?.seq ?? 0);
  if (first <= read + 1) {
    const last = runAround(entries, first).at(-1)?.seq ?? first;
    // With less than a screen below it, its end would be taken for that of the dialog.
    const isCut = last !== live.at(-1)?.seq && last < first + SCREEN;
    return isCut ? { is: 'unread', around: first } : { is: 'known', seq: first };
  }
  // It is the next one, unless what was read is of an earlier session.
  if (readSeq > 0 && read === readSeq) return { is: 'unread', around: readSeq + 1 };
  // If nobody else has written, each unread entry is an unread message of the client.
  const byCount = (live.at(-1)?.seq ?? 0) - unreadCount + 1;
  const isBetween = byCount > read && byCount < first;
  return { is: 'unread', around: isBetween ? byCount : Math.floor((read + first) / 2) };
}
