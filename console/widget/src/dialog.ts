import type { ConversationEntryFragment } from './generated/operations';

export type Entry = ConversationEntryFragment;

/** A part of the conversation without holes, oldest first. */
export interface Dialog {
  readonly entries: readonly Entry[];
  /** True if there are earlier entries. `startCursor` is the place to read them from. */
  readonly hasEarlier: boolean;
  readonly startCursor: string | null;
}

/** A page as it was read: also without holes, oldest first. */
export interface Page {
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
}

export const NOTHING: Dialog = { entries: [], hasEarlier: false, startCursor: null };

/** The number of the last entry; 0 when there is none. */
export function lastSeq(dialog: Dialog): number {
  return dialog.entries.at(-1)?.seq ?? 0;
}

/** The number of the last answer; 0 when there is none. */
export function lastAnswerSeq(dialog: Dialog): number {
  return dialog.entries.findLast((entry) => !entry.author.viewerIsAuthor)?.seq ?? 0;
}

/** The dialog with one more entry, itself when it was known, null when one before it is missing. */
export function append(dialog: Dialog, entry: Entry): Dialog | null {
  const last = lastSeq(dialog);
  if (entry.seq <= last) return replaced(dialog, entry);
  if (entry.seq > last + 1) return null;
  return { ...dialog, entries: [...dialog.entries, entry] };
}

/** The dialog with an entry in the place of the same one: a file of it was checked meanwhile. */
function replaced(dialog: Dialog, entry: Entry): Dialog {
  const isSame = (one: Entry): boolean =>
    one.id !== entry.id || JSON.stringify(one.attachments) === JSON.stringify(entry.attachments);
  if (dialog.entries.every(isSame)) return dialog;
  const entries = dialog.entries.map((one) => (one.id === entry.id ? entry : one));
  return { ...dialog, entries };
}

/** The dialog with a page that stands just before it. */
export function prepend(dialog: Dialog, page: Page): Dialog {
  const first = dialog.entries[0]?.seq ?? Infinity;
  const earlier = page.nodes.filter((entry) => entry.seq < first);
  return { ...around(page), entries: [...earlier, ...dialog.entries] };
}

/** Tells whether no entry is missing between a dialog and a page that is not older. */
export function meets(dialog: Dialog, page: Page): boolean {
  const first = page.nodes[0]?.seq;
  return first === undefined || first <= lastSeq(dialog) + 1;
}

/**
 * The dialog with a page that ends where the conversation does. What lies between the two, if they
 * do not meet, is left out on both sides, and is read when somebody scrolls up.
 */
export function extend(dialog: Dialog, page: Page): Dialog {
  if (!meets(dialog, page) || dialog.entries.length === 0) {
    return { ...around(page), entries: page.nodes };
  }
  const last = lastSeq(dialog);
  const later = page.nodes.filter((entry) => entry.seq > last);
  return later.length === 0 ? dialog : { ...dialog, entries: [...dialog.entries, ...later] };
}

function around(page: Page): Pick<Dialog, 'hasEarlier' | 'startCursor'> {
  return { hasEarlier: page.pageInfo.hasPreviousPage, startCursor: page.pageInfo.startCursor };
}

/** Counts the answers after the last entry that was read. */
export function unreadCount(dialog: Dialog, readSeq: number): number {
  return dialog.entries.filter((entry) => entry.seq > readSeq && !entry.author.viewerIsAuthor)
    .length;
}
