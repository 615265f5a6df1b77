/** Something with its place in a dialog. */
export interface Numbered {
  seq: number;
}

/**
 * The entries that follow each other without a hole around a number; at the end of the dialog
 * without one, or when that entry is not there. A jump far back, or coming back after long, leaves
 * holes: they are never shown as if there were none.
 */
export function runAround<T extends Numbered>(entries: readonly T[], seq?: number): readonly T[] {
  const found = seq === undefined ? -1 : entries.findIndex((entry) => entry.seq === seq);
  const middle = found === -1 ? entries.length - 1 : found;
  let first = middle;
  while (follows(entries[first - 1], entries[first])) first -= 1;
  let last = middle;
  while (follows(entries[last], entries[last + 1])) last += 1;
  return entries.slice(Math.max(first, 0), last + 1);
}

function follows(one: Numbered | undefined, other: Numbered | undefined): boolean {
  return one !== undefined && other?.seq === one.seq + 1;
}

export const PAGE_LENGTH = 50;
const MOST = 100;

/** The part of a dialog to read. */
export interface Part {
  first?: number;
  after?: string;
  last?: number;
  before?: string;
  aroundSeq?: number;
}

interface Placed extends Numbered {
  /** Empty of what did not come in a page. */
  cursor: string;
}

/** The page before an entry. */
export function before({ seq, cursor }: Placed): Part {
  return cursor === ''
    ? { aroundSeq: Math.max(1, seq - PAGE_LENGTH / 2), first: PAGE_LENGTH + 2 }
    : { last: PAGE_LENGTH, before: cursor };
}

/** The page after an entry. */
export function after({ seq, cursor }: Placed): Part {
  return cursor === ''
    ? { aroundSeq: seq + PAGE_LENGTH / 2, first: PAGE_LENGTH + 2 }
    : { first: PAGE_LENGTH, after: cursor };
}

/** The page with an entry in the middle. */
export function around(seq: number): Part {
  return { aroundSeq: seq, first: PAGE_LENGTH };
}

/** All between two entries; when that is more than a page may have, the end of the dialog. */
export function between(one: number, other: number): Part {
  const length = other - one + 1;
  return length > MOST
    ? { last: PAGE_LENGTH }
    : { aroundSeq: one + Math.floor(length / 2), first: length };
}
