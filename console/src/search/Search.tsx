import { skipToken, useQuery } from '@apollo/client/react';
import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { graphql } from '../generated';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import { useShortcut } from '../shortcut/registry';

const SEARCH_SESSIONS = graphql(`
  query SearchSessions($query: String!) {
    viewer {
      id
      searchSessions(query: $query, first: 20) {
        nodes {
          id
          version
          name
        }
      }
    }
  }
`);

/** The search field at the top: sessions by their names. */
export function Search() {
  const text = useText();
  const field = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();
  const [written, setWritten] = useState('');
  const [query] = useDebouncedValue(written.trim(), 250);
  const { data } = useQuery(SEARCH_SESSIONS, query === '' ? skipToken : { variables: { query } });
  useShortcut('/', 'search.focus', () => field.current?.focus());
  const hits = query === '' ? [] : (data?.viewer.searchSessions.nodes ?? []);
  return (
    <Autocomplete
      ref={field}
      type="search"
      aria-label={text('search.label')}
      placeholder={text('search.label')}
      value={written}
      onChange={setWritten}
      filter={({ options }) => options}
      data={hits.map(({ id, name }) => ({ value: id, label: name }))}
      onOptionSubmit={(id) => {
        navigate(sessionPath(id));
        setWritten('');
      }}
    />
  );
}
