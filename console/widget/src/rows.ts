import type { Entry } from './dialog';
import type { Outgoing } from './outbox';

/** One line of what is shown of the dialog. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: Date }
  | {
      readonly kind: 'entry';
      readonly key: string;
      readonly at: Date;
      readonly entry: Entry;
      /** True if the entry before is by another author, or of another day. */
      readonly isFirst: boolean;
    }
  | {
      readonly kind: 'outgoing';
      readonly key: string;
      readonly at: Date;
      readonly outgoing: Outgoing;
      readonly isFirst: boolean;
    };

/**
 * Returns the rows on the screen: days, the entries, and the messages that are still to be sent.
 */
export function rowsOf(entries: readonly Entry[], outgoing: readonly Outgoing[]): Row[] {
  const rows: Row[] = [];
  let day = '';
  let author: string | null = null;
  const turn = (at: Date, by: string, key: string): boolean => {
    const today = at.toDateString();
    const isNewDay = today !== day;
    if (isNewDay) rows.push({ kind: 'day', key: `day of ${key}`, at });
    const isFirst = isNewDay || by !== author;
    day = today;
    author = by;
    return isFirst;
  };
  for (const entry of entries) {
    const at = new Date(entry.sentAt);
    // The key stays when a message that was being sent has arrived.
    const key = entry.clientMessageId ?? entry.id;
    const by = entry.author.viewerIsAuthor ? 'me' : `them ${entry.author.name}`;
    const isFirst = turn(at, by, key);
    rows.push({ kind: 'entry', key, at, entry, isFirst });
  }
  for (const one of outgoing) {
    const at = new Date(one.writtenAt);
    const key = one.clientMessageId;
    const isFirst = turn(at, 'me', key);
    rows.push({ kind: 'outgoing', key, at, outgoing: one, isFirst });
  }
  return rows;
}
