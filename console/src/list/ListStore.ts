import type { ApolloClient } from '@apollo/client';
import type { FreshCache } from '../apollo/fresh-cache';
import type { Lists_PagesFragment, Role, SessionFilter, SessionGroup } from '../generated/graphql';
import { PLACED, SESSIONS } from './documents';
import { isShown, keyOf, type Changed } from './openness';
import {
  asked,
  GROUPS,
  NO_FILTER,
  passes,
  standsIn,
  withSession,
  type Filter,
  type Placed,
  type Viewpoint,
} from './placement';
import { joined, UNLOADED, type PageOfSessions, type SessionList } from './SessionList';

export interface Lists {
  filter: Filter;
  byKey: ReadonlyMap<string, SessionList>;
  /** True while the first pages of open groups are on their way, with the main page. */
  isReading: boolean;
}

/** The first pages that come with the main page. */
export interface Reading {
  filter: SessionFilter | null;
  groups: ReadonlySet<SessionGroup>;
  since: number;
}

type Ask = (variables: {
  liveChatId: string;
  group: SessionGroup;
  first: number;
  after: string | null;
}) => Promise<PageOfSessions>;

type Member = Pick<Lists_PagesFragment['liveChats'][number], 'id' | 'viewerRoles'>;

/** The number of sessions on a page. */
const PAGE = 50;
/** As many as the service gives at once. */
const MOST = 100;
/**
 * The largest number of pages of a list that are read again. Later pages come when they are shown.
 */
const MOST_PAGES = 10;
/** The number of changes and removals to remember, for answers that are on their way. */
const MEMORY = 5_000;

/** The sessions of each list, in order. Their fields are in the cache. */
export class ListStore {
  #state: Lists = { filter: NO_FILTER, byKey: new Map(), isReading: true };
  readonly #listeners = new Set<() => void>();
  readonly #client: ApolloClient;
  readonly #cache: FreshCache;
  #viewpoint: Viewpoint | undefined;
  #members: readonly Member[] | undefined;
  #reading: Reading | undefined;
  #turns = 0;
  #tick = 0;
  /** The tick of the last change of each session, the latest last. */
  readonly #changed = new Map<string, number>();
  /** In which version a session left my sight. */
  readonly #removed = new Map<string, string>();

  constructor(client: ApolloClient, cache: FreshCache) {
    this.#client = client;
    this.#cache = cache;
  }

  readonly get = (): Lists => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Places whatever session anybody writes into the cache, until it is stopped. */
  follow(): () => void {
    return this.#cache.onSessions((ids) => {
      this.#tick += 1;
      ids.forEach((id) => {
        remember(this.#changed, id, this.#tick);
      });
      this.#place(ids);
    });
  }

  list(key: string): SessionList {
    return this.#state.byKey.get(key) ?? UNLOADED;
  }

  /** Shows other sessions: the main page is to be read again. */
  setFilter(filter: Filter): void {
    this.#set({ filter, byKey: new Map(), isReading: true });
  }

  /** Says what of the lists to read with the main page. */
  begin(changed: Changed): Reading {
    const filter = asked(this.#state.filter);
    const groups = new Set(GROUPS.filter((group) => this.#isShown(group, changed)));
    this.#reading = { filter, groups, since: this.#tick };
    this.#set({ isReading: true });
    return this.#reading;
  }

  #isShown(group: SessionGroup, changed: Changed): boolean {
    if (this.#members !== undefined) {
      return this.#members.some((member) => isShown(member, group, changed));
    }
    // Before my roles are known: what may be open at first, and what I opened myself.
    const isOpened = (key: string) => key.startsWith(group) && changed[key] === true;
    return group !== 'CLOSED' || Object.keys(changed).some(isOpened);
  }

  /** Takes the first pages, which came with the main page. What is not shown is forgotten. */
  take({ employee, liveChats }: Lists_PagesFragment, reading: Reading, changed: Changed): void {
    if (reading !== this.#reading) return;
    this.#members = liveChats;
    this.#viewpoint = {
      employeeId: employee.id,
      roles: new Map<string, readonly Role[]>(liveChats.map((one) => [one.id, one.viewerRoles])),
    };
    const byKey = new Map<string, SessionList>();
    const longer: [string, SessionGroup][] = [];
    for (const member of liveChats) {
      for (const group of GROUPS) {
        const [key, page] = [keyOf(member.id, group), member[NAME[group]]];
        const before = this.list(key);
        const isNeeded = before.isLoaded && isShown(member, group, changed);
        if (page !== undefined && !(isNeeded && isLonger(before, page))) {
          byKey.set(key, joined({ ...UNLOADED, turn: this.#nextTurn() }, page, group));
        } else if (isNeeded) {
          byKey.set(key, before);
          longer.push([member.id, group]);
        }
      }
    }
    this.#set({ byKey, isReading: false });
    this.#placeSince(reading.since);
    for (const [id, group] of longer) void this.reload(id, group);
  }

  /** Reads the first page, or the next one. */
  async load(liveChatId: string, group: SessionGroup): Promise<void> {
    const key = keyOf(liveChatId, group);
    const { isLoading, isLoaded, hasMore, endCursor } = this.list(key);
    if (isLoading || (isLoaded && !hasMore)) return;
    if (!isLoaded) this.#setList(key, { turn: this.#nextTurn() });
    await this.#read(key, async (ask) => {
      const page = await ask({ liveChatId, group, first: PAGE, after: endCursor });
      return joined(this.list(key), page, group);
    });
  }

  /** Reads from its beginning what is loaded, because it may have missed something. */
  async reload(liveChatId: string, group: SessionGroup): Promise<void> {
    const key = keyOf(liveChatId, group);
    const { sessions } = this.list(key);
    const turn = this.#nextTurn();
    this.#setList(key, { turn });
    await this.#read(key, async (ask) => {
      let list: SessionList = { ...UNLOADED, turn };
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const missing = sessions.length - list.sessions.length;
        if (pages > 0 && (!list.hasMore || missing <= 0)) break;
        const first = Math.min(MOST, Math.max(PAGE, missing));
        const page = await ask({ liveChatId, group, first, after: list.endCursor });
        list = joined(list, page, group);
      }
      return list;
    });
  }

  /** Takes a session out of all lists, unless it is back already. */
  remove(id: string, version: string): void {
    remember(this.#removed, id, version);
    remember(this.#changed, id, (this.#tick += 1));
    this.#place([id]);
  }

  async #read(key: string, read: (ask: Ask) => Promise<SessionList>): Promise<void> {
    const { filter } = this.#state;
    const { turn } = this.list(key);
    const since = this.#tick;
    const isOld = () => filter !== this.#state.filter || turn !== this.list(key).turn;
    this.#setList(key, { isLoading: true, error: undefined });
    try {
      const list = await read(this.#ask);
      if (isOld()) return;
      this.#setList(key, list);
      this.#placeSince(since);
    } catch (error) {
      if (!isOld()) this.#setList(key, { isLoading: false, error });
    }
  }

  readonly #ask: Ask = async (variables) => {
    const { data } = await this.#client.query({
      query: SESSIONS,
      variables: { ...variables, filter: asked(this.#state.filter) },
      fetchPolicy: 'network-only',
    });
    // An employee who has lost the role sees an empty list.
    return data?.viewer.liveChat?.sessions ?? { nodes: [], pageInfo: { hasNextPage: false } };
  };

  /** Puts what changed since then where it is now: an answer may be older. */
  #placeSince(since: number): void {
    this.#place([...this.#changed].flatMap(([id, tick]) => (tick > since ? [id] : [])));
  }

  /** Puts sessions, as the cache has them, into the lists where they belong, and out of others. */
  #place(ids: Iterable<string>): void {
    const byKey = new Map(this.#state.byKey);
    let isChanged = false;
    for (const id of ids) {
      const session = this.#cache.readFragment<Placed>({ id: `Session:${id}`, fragment: PLACED });
      if (session === null || this.#viewpoint === undefined) continue;
      const isRemoved = (this.#removed.get(id) ?? '') >= session.version;
      for (const group of GROUPS) {
        const key = keyOf(session.liveChat.id, group);
        const list = byKey.get(key);
        if (list?.isLoaded !== true) continue;
        const belongs = !isRemoved && this.#belongs(group, session, this.#viewpoint);
        const sessions = withSession(list.sessions, session, {
          group,
          belongs,
          end: list.end,
          // A page that a filter left some out of says little about how far it went.
          isWhole: !list.hasMore || this.#isFiltered(),
        });
        if (sessions === list.sessions) continue;
        isChanged = true;
        byKey.set(key, { ...list, sessions });
      }
    }
    if (isChanged) this.#set({ byKey });
  }

  #belongs(group: SessionGroup, session: Placed, viewpoint: Viewpoint): boolean {
    return standsIn(group, session, viewpoint) && passes(this.#state.filter, session);
  }

  #isFiltered(): boolean {
    const { unread, waitingForReply } = this.#state.filter;
    return unread || waitingForReply;
  }

  #nextTurn(): number {
    this.#turns += 1;
    return this.#turns;
  }

  #set(change: Partial<Lists>): void {
    this.#state = { ...this.#state, ...change };
    this.#listeners.forEach((listener) => {
      listener();
    });
  }

  #setList(key: string, change: Partial<SessionList>): void {
    const byKey = new Map(this.#state.byKey);
    byKey.set(key, { ...this.list(key), ...change });
    this.#set({ byKey });
  }
}

const NAME = { ACTIVE: 'active', QUEUE: 'queue', MY: 'my', CLOSED: 'closed' } as const;

function isLonger(list: SessionList, page: PageOfSessions): boolean {
  return page.pageInfo.hasNextPage && list.sessions.length > page.nodes.length;
}

/** Puts something at the end of what is remembered, and forgets the oldest. */
function remember<T>(memory: Map<string, T>, id: string, what: T): void {
  memory.delete(id);
  memory.set(id, what);
  const [oldest] = memory.keys();
  if (memory.size > MEMORY && oldest !== undefined) memory.delete(oldest);
}
