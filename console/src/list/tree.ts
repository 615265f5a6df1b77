import type { Role, SessionGroup } from '../generated/graphql';
import { keyOf, type SessionList } from './ListStore';
import { groupsFor } from './placement';

export interface LiveChat {
  id: string;
  name: string;
  viewerRoles: readonly Role[];
  queueCount: number;
}

/** A line of the tree of lists. */
export type Row =
  | { kind: 'liveChat'; key: string; liveChat: LiveChat; isOpen: boolean }
  | { kind: 'group'; key: string; liveChat: LiveChat; group: SessionGroup; isOpen: boolean }
  | { kind: 'session'; key: string; sessionId: string }
  | { kind: 'empty' | 'loading' | 'error'; key: string; liveChat: LiveChat; group: SessionGroup }
  | { kind: 'more'; key: string; liveChat: LiveChat; group: SessionGroup };

/** How high each kind of line is, in pixels. */
export const HEIGHT: Record<Row['kind'], number> = {
  liveChat: 40,
  group: 32,
  session: 60,
  empty: 32,
  loading: 60,
  more: 60,
  error: 48,
};

/** Active and Closed are long, and read when they are opened. */
export const isOpenAtFirst = (group: SessionGroup) => group === 'QUEUE' || group === 'MY';

/** The tree as one list of lines, so that only those in sight have to be there. */
export function rowsOf(
  liveChats: readonly LiveChat[],
  isOpen: (key: string) => boolean,
  listOf: (key: string) => SessionList,
): Row[] {
  const rows: Row[] = [];
  for (const liveChat of liveChats) {
    const isLiveChatOpen = isOpen(liveChat.id);
    rows.push({ kind: 'liveChat', key: liveChat.id, liveChat, isOpen: isLiveChatOpen });
    if (!isLiveChatOpen) continue;
    for (const group of groupsFor(liveChat.viewerRoles)) {
      const key = keyOf(liveChat.id, group);
      const isGroupOpen = isOpen(key);
      rows.push({ kind: 'group', key, liveChat, group, isOpen: isGroupOpen });
      if (isGroupOpen) rows.push(...rowsOfGroup(liveChat, group, listOf(key)));
    }
  }
  return rows;
}

function rowsOfGroup(liveChat: LiveChat, group: SessionGroup, list: SessionList): Row[] {
  const key = keyOf(liveChat.id, group);
  const rows: Row[] = list.sessions.map(({ id }) => ({
    kind: 'session',
    key: `${key} ${id}`,
    sessionId: id,
  }));
  const of = { liveChat, group };
  if (list.error !== undefined) rows.push({ kind: 'error', key: `${key} error`, ...of });
  else if (list.hasMore) rows.push({ kind: 'more', key: `${key} more`, ...of });
  else if (!list.isLoaded) rows.push({ kind: 'loading', key: `${key} loading`, ...of });
  else if (rows.length === 0) rows.push({ kind: 'empty', key: `${key} empty`, ...of });
  return rows;
}
