import type { Role, SessionGroup } from '../generated/graphql';
import { groupsFor } from './placement';

/** What somebody opened or closed by hand, by its key: that of a live chat is its id. */
export type Changed = Record<string, boolean>;

/** The key of a group of a live chat. */
export const keyOf = (liveChatId: string, group: SessionGroup) => `${group} ${liveChatId}`;

interface Member {
  id: string;
  viewerRoles: readonly Role[];
}

/**
 * Whether a group is open before somebody changed it: what is short and urgent, and all that is
 * open for who oversees only.
 */
export function isOpenAtFirst(group: SessionGroup, roles: readonly Role[]): boolean {
  switch (group) {
    case 'QUEUE':
    case 'MY':
      return true;
    case 'ACTIVE':
      return !roles.includes('OPERATOR');
    case 'CLOSED':
      return false;
  }
}

export function isLiveChatOpen({ id }: Member, changed: Changed): boolean {
  return changed[id] ?? true;
}

export function isGroupOpen(member: Member, group: SessionGroup, changed: Changed): boolean {
  return changed[keyOf(member.id, group)] ?? isOpenAtFirst(group, member.viewerRoles);
}

/** Whether the sessions of a group are in the tree. */
export function isShown(member: Member, group: SessionGroup, changed: Changed): boolean {
  return (
    groupsFor(member.viewerRoles).includes(group) &&
    isLiveChatOpen(member, changed) &&
    isGroupOpen(member, group, changed)
  );
}

/** What a browser remembers may be anything. */
export function parseChanged(text: string | undefined): Changed {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const entries = Object.entries(value).filter(
      (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}
