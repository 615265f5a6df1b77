import type { SessionGroup } from '../generated/graphql';
import { compare, withPage, type Placed } from './placement';

/** One group of one live chat, as far as it is loaded. */
export interface SessionList {
  sessions: readonly Placed[];
  endCursor: string | null;
  /** The last one that the pages brought: so far everything is loaded. */
  end: Placed | null;
  hasMore: boolean;
  isLoading: boolean;
  isLoaded: boolean;
  error: unknown;
  /** Another each time it is read from its beginning: a page of another turn does not fit. */
  turn: number;
}

export interface PageOfSessions {
  nodes: readonly Placed[];
  pageInfo: { endCursor?: string | null; hasNextPage: boolean };
}

export const UNLOADED: SessionList = {
  sessions: [],
  endCursor: null,
  end: null,
  hasMore: false,
  isLoading: false,
  isLoaded: false,
  error: undefined,
  turn: 0,
};

/** A list with the page after its end. */
export function joined(list: SessionList, page: PageOfSessions, group: SessionGroup): SessionList {
  const furthest = [...(list.end === null ? [] : [list.end]), ...page.nodes]
    .toSorted((one, other) => compare(group, one, other))
    .at(-1);
  return {
    ...list,
    sessions: withPage(list.sessions, page.nodes, group),
    endCursor: page.pageInfo.endCursor ?? null,
    end: furthest ?? null,
    hasMore: page.pageInfo.hasNextPage,
    isLoading: false,
    isLoaded: true,
    error: undefined,
  };
}
