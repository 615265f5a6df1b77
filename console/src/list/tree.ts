import type { Role, SessionGroup } from '../generated/graphql';
import { isGroupOpen, isLiveChatOpen, keyOf, type Changed } from './openness';
import { groupsFor } from './placement';
import type { SessionList } from './SessionList';

export interface LiveChat {
  id: string;
  name: string;
  viewerRoles: readonly Role[];
  queueCount: number;
}

/** A line of the tree of lists. */
export type Row =
  | { kind: 'liveChat'; key: string; liveChat: LiveChat; isOpen: boolean }
  | {
      kind: 'group';
      key: string;
      liveChat: LiveChat;
      group: SessionGroup;
      isOpen: boolean;
      count: number | undefined;
    }
  | { kind: 'session'; key: string; group: SessionGroup; sessionId: string }
  | InsteadRow;

/** The line that stands in place of sessions that are missing or not loaded yet. */
export interface InsteadRow {
  kind: 'empty' | 'loading' | 'error' | 'more';
  key: string;
  liveChatId: string;
  group: SessionGroup;
}

/** The tree as one list of lines, so that only those in sight have to be there. */
export function rowsOf(
  liveChats: readonly LiveChat[],
  changed: Changed,
  listOf: (key: string) => SessionList,
  isFiltered = false,
): Row[] {
  return liveChats.flatMap((liveChat) => {
    const isOpen = isLiveChatOpen(liveChat, changed);
    const row: Row = { kind: 'liveChat', key: liveChat.id, liveChat, isOpen };
    if (!isOpen) return [row];
    const groups = groupsFor(liveChat.viewerRoles).map((group) => {
      const key = keyOf(liveChat.id, group);
      const isOpen = isGroupOpen(liveChat, group, changed);
      const count = group === 'QUEUE' ? liveChat.queueCount : countOf(listOf(key), isFiltered);
      const row: Row = { kind: 'group', key, liveChat, group, isOpen, count };
      return isOpen ? [row, ...rowsOfGroup(liveChat.id, group, listOf(key))] : [row];
    });
    return [row, ...groups.flat()];
  });
}

/** The exact size of a group; known only when all of it was read without a filter. */
function countOf(list: SessionList, isFiltered: boolean): number | undefined {
  const isWhole = list.isLoaded && !list.hasMore && list.error === undefined;
  return isWhole && !isFiltered ? list.sessions.length : undefined;
}

/** The lines of a list that stayed the same do too: there may be thousands. */
const made = new WeakMap<SessionList, Row[]>();

function rowsOfGroup(liveChatId: string, group: SessionGroup, list: SessionList): Row[] {
  const key = keyOf(liveChatId, group);
  const instead = (kind: InsteadRow['kind']): Row => ({
    kind,
    key: `${key} ${kind}`,
    liveChatId,
    group,
  });
  if (!list.isLoaded) return [instead(list.error === undefined ? 'loading' : 'error')];
  const known = made.get(list);
  if (known !== undefined) return known;
  const rows = list.sessions.map(({ id }): Row => {
    return { kind: 'session', key: `${key} ${id}`, group, sessionId: id };
  });
  if (list.error !== undefined) rows.push(instead('error'));
  else if (list.hasMore) rows.push(instead('more'));
  else if (rows.length === 0) rows.push(instead('empty'));
  made.set(list, rows);
  return rows;
}

/** Tells whether the keyboard can reach a line. */
export function isReachable(row: Row): boolean {
  return row.kind !== 'empty' && row.kind !== 'loading' && row.kind !== 'more';
}

/** The next line from a place, one way or the other, that is such; else none. */
export function nextRow(
  rows: readonly Row[],
  from: number,
  step: 1 | -1,
  isSuch: (row: Row) => boolean,
): number | undefined {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at];
    if (row !== undefined && isSuch(row)) return at;
  }
  return undefined;
}

/**
 * Finds the line that gets the focus when its own is gone: the one now in its place, or the
 * nearest.
 */
export function nearestRow(rows: readonly Row[], place: number): number | undefined {
  const from = Math.min(place, rows.length);
  return nextRow(rows, from - 1, 1, isReachable) ?? nextRow(rows, from, -1, isReachable);
}
