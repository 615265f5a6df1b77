import type { Outgoing } from '../composer/outbox';
import type { Entry_MessageFragment as Entry } from '../generated/graphql';
import { amendmentsIn, type Amendment } from './event';

export type { Entry };

/** A line of the dialog. Its key stays when older pages come before it. */
export type Row = { key: string } & (
  | { kind: 'start' }
  | { kind: 'day'; at: string }
  | { kind: 'session'; session: Entry['session'] }
  | { kind: 'new' }
  | {
      kind: 'entry';
      entry: Entry;
      leads: boolean;
      isMine: boolean;
      amendment: Amendment | undefined;
    }
  | { kind: 'outgoing'; outgoing: Outgoing; leads: boolean }
);

export interface Shown {
  entries: readonly Entry[];
  /** True if the entries reach the end of the dialog. */
  isEnd: boolean;
  outgoing: readonly Outgoing[];
  myId: string;
  sessionId: string;
  /** Up to which entry I had read: the line "new" stands after it. */
  readSeq: number | undefined;
}

// Messages that one person writes within this time stand under one name.
const TOGETHER = 5 * 60_000;

/** The lines of a dialog: its entries, and what stands between them. */
export function rowsOf(shown: Shown): Row[] {
  const { entries, isEnd, myId, sessionId } = shown;
  const rows: Row[] = entries[0]?.seq === 1 ? [{ key: 'start', kind: 'start' }] : [];
  const firstNew = firstNewSeq(shown);
  const amendments = amendmentsIn(entries);
  entries.forEach((entry, index) => {
    const previous = entries[index - 1];
    const between = dividers(previous, entry, sessionId);
    if (entry.seq === firstNew) between.push({ key: 'new', kind: 'new' });
    const leads = between.length > 0 || previous === undefined || !isTogether(previous, entry);
    const isMine = isBy(entry, myId);
    const amendment = amendments.get(entry.seq);
    const key = keyOf(entry, isMine);
    rows.push(...between, { key, kind: 'entry', entry, leads, isMine, amendment });
  });
  if (isEnd) rows.push(...waiting(shown));
  return rows;
}

/** The key of an entry's line; my own keep the one that they had while they were on their way. */
function keyOf({ seq, clientMessageId }: Entry, isMine: boolean): string {
  return isMine && clientMessageId ? `mine:${clientMessageId}` : `seq:${seq}`;
}

/** Makes the rows of messages that are being sent, under my name as it will be. */
function waiting({ entries, outgoing, myId }: Shown): Row[] {
  const there = new Set(entries.map(({ clientMessageId }) => clientMessageId));
  const last = entries.at(-1);
  let under =
    last !== undefined && isBy(last, myId) ? { kind: last.kind, at: last.sentAt } : undefined;
  return outgoing
    .filter(({ id }) => !there.has(id))
    .map((one) => {
      const kind = one.isNote ? 'NOTE' : 'OPERATOR';
      const leads = under?.kind !== kind || Date.parse(one.at) - Date.parse(under.at) >= TOGETHER;
      under = { kind, at: one.at };
      return { key: `mine:${one.id}`, kind: 'outgoing', outgoing: one, leads };
    });
}

function dividers(previous: Entry | undefined, entry: Entry, sessionId: string): Row[] {
  const { seq, session, sentAt } = entry;
  const rows: Row[] = [];
  // Of the first that is loaded nobody knows yet whether it begins its day or its session.
  if (previous === undefined && seq !== 1) return rows;
  const isOther = previous === undefined ? session.id !== sessionId : true;
  if (previous?.session.id !== session.id && isOther) {
    rows.push({ key: `session:${seq}`, kind: 'session', session });
  }
  if (previous === undefined || !isSameDay(previous.sentAt, sentAt)) {
    rows.push({ key: `day:${seq}`, kind: 'day', at: sentAt });
  }
  return rows;
}

/** The first entry of this session that I have not read: of earlier ones nobody has to. */
function firstNewSeq({ entries, myId, readSeq, sessionId }: Shown): number | undefined {
  if (readSeq === undefined) return undefined;
  const index = entries.findIndex((entry) => isUnread(entry, readSeq, sessionId));
  const first = entries[index];
  // If the line belongs above the loaded entries, its place is not known yet.
  const isKnown = index > 0 || first?.seq === readSeq + 1 || first?.seq === 1;
  if (first === undefined || !isKnown) return undefined;
  const isNews = entries.some((entry) => isUnread(entry, readSeq, sessionId) && isNew(entry, myId));
  return isNews ? first.seq : undefined;
}

/** Tells whether an entry belongs to this session and is unread. */
export function isUnread(entry: Entry, readSeq: number, sessionId: string): boolean {
  return entry.seq > readSeq && entry.session.id === sessionId;
}

/** Tells whether an entry is new to me: a text that somebody else wrote. */
export function isNew(entry: Entry, myId: string): boolean {
  return entry.kind !== 'EVENT' && !isBy(entry, myId);
}

/** Counts what is new to read in a session; where a part is not loaded, all of it is. */
export function unseenIn(
  shown: Pick<Shown, 'entries' | 'myId' | 'sessionId'> & { readSeq: number },
) {
  const { entries, myId, sessionId, readSeq } = shown;
  const unread = entries.filter((entry) => isUnread(entry, readSeq, sessionId));
  const missing = unread.map(({ seq }, index) => seq - 1 - (unread[index - 1]?.seq ?? seq - 1));
  const known = unread.filter((entry) => isNew(entry, myId)).length;
  return known + missing.reduce((sum, count) => sum + count, 0);
}

function isBy({ author }: Entry, id: string): boolean {
  return author.__typename === 'Employee' && author.id === id;
}

export function isSameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

function isTogether(one: Entry, other: Entry): boolean {
  return (
    one.kind === other.kind &&
    one.kind !== 'EVENT' &&
    one.author.__typename === other.author.__typename &&
    one.author.name === other.author.name &&
    one.channel?.id === other.channel?.id &&
    Date.parse(other.sentAt) - Date.parse(one.sentAt) < TOGETHER
  );
}
