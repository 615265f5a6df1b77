import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { reader } from './hit';
import { NOTHING_YET, searchOn, type Found } from './searching';

export interface Search extends Found {
  isSearching: boolean;
  error: unknown;
  /** Searches further, or again where it failed. */
  searchFurther: () => void;
}

interface State {
  /** The query that the state belongs to. */
  of: string;
  found: Found | null;
  isSearching: boolean;
  error: unknown;
}

const IDLE: State = { of: '', found: null, isSearching: false, error: undefined };

/** Searches the open dialog, or all sessions by their names. A blank query finds nothing. */
export function useSearch(query: string, sessionId: string | undefined): Search {
  const client = useApolloClient();
  const of = query === '' ? '' : `${sessionId ?? ''} ${query}`;
  const [state, setState] = useState<State>(IDLE);
  const latest = useRef(of);
  const search = async (from: Found | null) => {
    const after = await searchOn(reader(client, sessionId), query, from).then(
      (found) => ({ found, error: undefined }),
      (error: unknown) => ({ found: from, error }),
    );
    // The answer to an earlier query is dropped.
    if (latest.current === of) setState({ of, ...after, isSearching: false });
  };
  const begin = useRef(search);
  useEffect(() => {
    begin.current = search;
  });
  useEffect(() => {
    latest.current = of;
    if (of !== '') void begin.current(null);
  }, [of]);
  const current = state.of === of ? state : { ...IDLE, isSearching: of !== '' };
  return {
    ...(current.found ?? NOTHING_YET),
    isSearching: current.isSearching,
    error: current.error,
    searchFurther: () => {
      setState({ ...current, of, isSearching: true, error: undefined });
      void search(current.found);
    },
  };
}
