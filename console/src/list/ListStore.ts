import type { ApolloClient } from '@apollo/client';
import type { SessionGroup, SessionsQueryVariables } from '../generated/graphql';
import { SESSIONS } from './documents';
import {
  NO_FILTER,
  passes,
  standsIn,
  withPage,
  withSession,
  type Filter,
  type Placed,
  type Viewpoint,
} from './placement';

/** One group of one live chat, as far as it is loaded. */
export interface SessionList {
  sessions: readonly Placed[];
  endCursor: string | null;
  hasMore: boolean;
  isLoading: boolean;
  isLoaded: boolean;
  error: unknown;
}

export interface Lists {
  filter: Filter;
  byKey: ReadonlyMap<string, SessionList>;
}

export interface PageOfSessions {
  nodes: readonly Placed[];
  pageInfo: { endCursor?: string | null; hasNextPage: boolean };
}

const PAGE = 30;
/** As many as the service gives at once. */
const MOST = 100;
const UNLOADED: SessionList = {
  sessions: [],
  endCursor: null,
  hasMore: false,
  isLoading: false,
  isLoaded: false,
  error: undefined,
};

export const keyOf = (liveChatId: string, group: SessionGroup) => `${group} ${liveChatId}`;

/** Which sessions stand in which list, and in which order. What they are stands in the cache. */
export class ListStore {
  #state: Lists = { filter: NO_FILTER, byKey: new Map() };
  readonly #listeners = new Set<() => void>();
  readonly #client: ApolloClient;

  constructor(client: ApolloClient) {
    this.#client = client;
  }

  readonly get = (): Lists => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(change: Partial<Lists>): void {
    this.#state = { ...this.#state, ...change };
    this.#listeners.forEach((listener) => {
      listener();
    });
  }

  list(key: string): SessionList {
    return this.#state.byKey.get(key) ?? UNLOADED;
  }

  #setList(key: string, change: Partial<SessionList>): void {
    const byKey = new Map(this.#state.byKey);
    byKey.set(key, { ...this.list(key), ...change });
    this.#set({ byKey });
  }

  /** Takes the first page of a list, which came with something else. */
  take(liveChatId: string, group: SessionGroup, page: PageOfSessions): void {
    const { filter } = this.#state;
    // It was read without a filter.
    if (filter.unread || filter.waitingForReply) return;
    this.#setList(keyOf(liveChatId, group), loaded([...page.nodes], page));
  }

  /** Shows other sessions: what is loaded is read again when it is shown. */
  setFilter(filter: Filter): void {
    this.#set({ filter, byKey: new Map() });
  }

  /** Reads the first page, or the next one. */
  async load(liveChatId: string, group: SessionGroup): Promise<void> {
    const key = keyOf(liveChatId, group);
    const { isLoading, isLoaded, hasMore, endCursor } = this.list(key);
    if (isLoading || (isLoaded && !hasMore)) return;
    await this.#read(key, { liveChatId, group, first: PAGE, after: endCursor }, (page) => {
      const sessions = withPage(this.list(key).sessions, page.nodes, group);
      return loaded(sessions, page);
    });
  }

  /** Reads from its beginning what is loaded, because it may have missed something. */
  async reload(liveChatId: string, group: SessionGroup): Promise<void> {
    const key = keyOf(liveChatId, group);
    const first = Math.min(MOST, Math.max(PAGE, this.list(key).sessions.length));
    await this.#read(key, { liveChatId, group, first }, (page) => loaded([...page.nodes], page));
  }

  async #read(
    key: string,
    variables: Omit<SessionsQueryVariables, 'filter'>,
    take: (page: PageOfSessions) => Partial<SessionList>,
  ): Promise<void> {
    const { filter } = this.#state;
    this.#setList(key, { isLoading: true, error: undefined });
    try {
      const { data } = await this.#client.query({
        query: SESSIONS,
        variables: { ...variables, filter },
        fetchPolicy: 'network-only',
      });
      // Another filter was chosen meanwhile.
      if (filter !== this.#state.filter) return;
      const page = data?.viewer.liveChat?.sessions;
      this.#setList(key, { isLoading: false, isLoaded: true, ...(page && take(page)) });
    } catch (error) {
      if (filter === this.#state.filter) this.#setList(key, { isLoading: false, error });
    }
  }

  /** Puts a session that changed into the lists where it belongs, and out of the others. */
  place(session: Placed, viewpoint: Viewpoint): void {
    this.#change(session.liveChat.id, (group, list) =>
      withSession(list.sessions, session, {
        group,
        belongs: standsIn(group, session, viewpoint) && passes(this.#state.filter, session),
        isWhole: list.isLoaded && !list.hasMore,
      }),
    );
  }

  /** Takes a session out of all lists. */
  remove(sessionId: string): void {
    this.#change(undefined, (_, { sessions }) => {
      const left = sessions.filter(({ id }) => id !== sessionId);
      return left.length === sessions.length ? sessions : left;
    });
  }

  #change(
    liveChatId: string | undefined,
    change: (group: SessionGroup, list: SessionList) => readonly Placed[],
  ): void {
    let byKey: Map<string, SessionList> | undefined;
    for (const [key, list] of this.#state.byKey) {
      const [group, of] = key.split(' ') as [SessionGroup, string];
      if (!list.isLoaded || (liveChatId !== undefined && of !== liveChatId)) continue;
      const sessions = change(group, list);
      if (sessions === list.sessions) continue;
      byKey ??= new Map(this.#state.byKey);
      byKey.set(key, { ...list, sessions });
    }
    if (byKey !== undefined) this.#set({ byKey });
  }
}

function loaded(sessions: readonly Placed[], { pageInfo }: PageOfSessions): SessionList {
  const { endCursor, hasNextPage } = pageInfo;
  return {
    sessions,
    endCursor: endCursor ?? null,
    hasMore: hasNextPage,
    isLoading: false,
    isLoaded: true,
    error: undefined,
  };
}
