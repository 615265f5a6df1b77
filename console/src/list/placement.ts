import type { Role, SessionFilter, SessionGroup, SessionState } from '../generated/graphql';

/**
 * The place of a session in the lists, as a pure function of what the session is: a push moves it, and
 * nothing is asked for. The price is that the rules of the groups stand twice, here and in the store. A
 * property test compares this module with sorting from scratch.
 */

/** The fields that decide the place of a session. */
export interface Placed {
  id: string;
  version: string;
  state: SessionState;
  unreadCount: number;
  openedAt: string;
  lastMessageAt: string;
  waitingSince?: string | null;
  closedAt?: string | null;
  liveChat: { id: string };
  operator?: { id: string } | null;
}

/** The employee who looks, with their roles in each live chat. */
export interface Viewpoint {
  employeeId: string;
  roles: ReadonlyMap<string, readonly Role[]>;
}

export interface Filter {
  unread: boolean;
  waitingForReply: boolean;
}

export const GROUPS = ['ACTIVE', 'QUEUE', 'MY', 'CLOSED'] as const satisfies SessionGroup[];

export const NO_FILTER: Filter = { unread: false, waitingForReply: false };

/** A filter as the service has it, where `false` asks for the others, not for all. */
export function asked({ unread, waitingForReply }: Filter): SessionFilter | null {
  if (!unread && !waitingForReply) return null;
  return { ...(unread && { unread }), ...(waitingForReply && { waitingForReply }) };
}

/** The groups of a live chat that somebody sees, in the order in which they stand. */
export function groupsFor(roles: readonly Role[]): SessionGroup[] {
  const groups: SessionGroup[] = [];
  if (roles.length === 0) return groups;
  // The operator's own sessions are never below a long queue.
  if (roles.includes('OPERATOR')) groups.push('MY');
  if (roles.includes('SUPERVISOR')) groups.push('ACTIVE');
  groups.push('QUEUE');
  return [...groups, 'CLOSED'];
}

/** Tells whether a session that I may see belongs to a group of its live chat. */
export function standsIn(group: SessionGroup, session: Placed, viewpoint: Viewpoint): boolean {
  const roles = viewpoint.roles.get(session.liveChat.id) ?? [];
  if (!groupsFor(roles).includes(group)) return false;
  const isMine = session.operator?.id === viewpoint.employeeId;
  switch (group) {
    case 'ACTIVE':
      return session.state !== 'CLOSED';
    case 'QUEUE':
      return session.state === 'QUEUED';
    case 'MY':
      return session.state === 'ASSIGNED' && isMine;
    case 'CLOSED':
      return session.state === 'CLOSED' && (isMine || roles.includes('SUPERVISOR'));
  }
}

export function passes({ unread, waitingForReply }: Filter, session: Placed): boolean {
  if (unread && session.unreadCount === 0) return false;
  return !waitingForReply || (session.waitingSince ?? null) !== null;
}

/**
 * Orders two sessions of a group: in the queue the longest waiting first, of the closed ones the
 * last closed, in other groups the last message.
 */
export function compare(group: SessionGroup, one: Placed, other: Placed): number {
  const [first, second] = [rank(group, one), rank(group, other)];
  const order = first < second ? -1 : first > second ? 1 : one.id < other.id ? -1 : 1;
  if (one.id === other.id) return 0;
  return group === 'QUEUE' ? order : -order;
}

function rank(group: SessionGroup, session: Placed): string {
  switch (group) {
    case 'QUEUE':
      return session.openedAt;
    case 'CLOSED':
      return session.closedAt ?? '';
    case 'ACTIVE':
    case 'MY':
      return session.lastMessageAt;
  }
}

/** The state of a list when a session is put into it. */
export interface Putting {
  group: SessionGroup;
  belongs: boolean;
  /** True if the list is loaded to its end. */
  isWhole: boolean;
  /** Else the last one that its pages brought, wherever that stands by now. */
  end: Placed | null;
}

/**
 * A list with a session put where it now belongs, or taken out. What is not loaded is not
 * invented: beyond what the pages brought nothing is put while there are more.
 */
export function withSession(
  list: readonly Placed[],
  session: Placed,
  { group, belongs, isWhole, end }: Putting,
): readonly Placed[] {
  const at = placesOf(list).get(session.id);
  const known = at === undefined ? undefined : list[at];
  if (known === undefined ? !belongs : known.version > session.version) return list;
  // Not by its version: what brings only some facts, such as an alert, may be as new.
  if (known !== undefined && belongs && rank(group, known) === rank(group, session)) return list;
  const others = at === undefined ? list : list.toSpliced(at, 1);
  if (!belongs) return others;
  const place = placeOf(group, others, session);
  const isLoaded = isWhole || (end !== null && compare(group, session, end) <= 0);
  if (place === others.length && !isLoaded) return others;
  return others.toSpliced(place, 0, session);
}

const places = new WeakMap<readonly Placed[], ReadonlyMap<string, number>>();

/**
 * Returns the place of each session in a list. The places are kept, because a page asks many times
 * for the same list.
 */
function placesOf(list: readonly Placed[]): ReadonlyMap<string, number> {
  const known = places.get(list);
  if (known !== undefined) return known;
  const made = new Map(list.map(({ id }, at) => [id, at]));
  places.set(list, made);
  return made;
}

/** Before how many of a list in order a session stands. */
function placeOf(group: SessionGroup, list: readonly Placed[], session: Placed): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = list[middle];
    if (other !== undefined && compare(group, other, session) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A list with a further page: what was pushed meanwhile stands in both, and is kept once. */
export function withPage(
  list: readonly Placed[],
  page: readonly Placed[],
  group: SessionGroup,
): readonly Placed[] {
  const ordered = page.toSorted((one, other) => compare(group, one, other));
  const [first, last] = [ordered[0], list.at(-1)];
  if (first === undefined) return list;
  const isNew = page.every(({ id }) => !placesOf(list).has(id));
  if (isNew && (last === undefined || compare(group, last, first) < 0))
    return [...list, ...ordered];
  const byId = new Map<string, Placed>();
  for (const session of [...list, ...page]) {
    const known = byId.get(session.id);
    if (known === undefined || known.version <= session.version) byId.set(session.id, session);
  }
  return [...byId.values()].sort((one, other) => compare(group, one, other));
}
