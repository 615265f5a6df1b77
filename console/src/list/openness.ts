import type { Role, SessionGroup } from '../generated/graphql';
import { groupsFor } from './placement';

/**
 * The live chats and groups that the person opened or closed by hand, by key. The key of a live
 * chat is its id.
 */
export type Changed = Record<string, boolean>;

/** The key of a group of a live chat. */
export const keyOf = (liveChatId: string, group: SessionGroup) => `${group} ${liveChatId}`;

interface Member {
  id: string;
  viewerRoles: readonly Role[];
}

/**
 * Tells whether a group is open before the person changes it: short and urgent groups, and all open
 * sessions for someone who is only a supervisor.
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

/** Tells whether the sessions of a group are in the tree. */
export function isShown(member: Member, group: SessionGroup, changed: Changed): boolean {
  return (
    groupsFor(member.viewerRoles).includes(group) &&
    isLiveChatOpen(member, changed) &&
    isGroupOpen(member, group, changed)
  );
}

/** Reads the stored state. The browser may hand back anything. */
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
