import { Combobox, Loader, ScrollArea, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import { useLocation, useRoute } from 'wouter';
import { Fault } from '../error/Fault';
import { useText } from '../language/language';
import { SESSION_ROUTE, sessionIdOf } from '../session/path';
import { useShortcut } from '../shortcut/registry';
import type { Hit } from './hit';
import { Parts } from './Parts';
import styles from './Search.module.css';
import { useSearch, type Search as SearchState } from './useSearch';

const FURTHER = 'further';
const LONGEST = 200;

/**
 * The one search field: with a session open it searches that session's name and its dialog, with
 * none open the names of all sessions.
 */
export function Search() {
  const [isOpen, params] = useRoute(SESSION_ROUTE);
  const sessionId = isOpen ? sessionIdOf(params.id) : undefined;
  // A query belongs to the page that was open.
  return <SearchField key={sessionId ?? ''} sessionId={sessionId} />;
}

function SearchField({ sessionId }: { sessionId: string | undefined }) {
  const text = useText();
  const field = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();
  const [written, setWritten] = useState('');
  const [query] = useDebouncedValue(written.trim(), 250);
  const found = useSearch(query, sessionId);
  // The results of an earlier query do not answer the present one.
  const isTyping = written.trim() !== query;
  const search = { ...found, isSearching: found.isSearching || isTyping };
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
    },
  });
  useShortcut('/', 'search.focus', () => {
    field.current?.focus();
    field.current?.select();
  });
  const pick = (value: string) => {
    if (value === FURTHER) {
      search.searchFurther();
      return;
    }
    navigate(value);
    combobox.closeDropdown();
  };
  const label = text(sessionId === undefined ? 'search.sessions' : 'search.dialog');
  return (
    <Combobox store={combobox} onOptionSubmit={pick} shadow="md">
      <Combobox.Target>
        <TextInput
          ref={field}
          type="search"
          aria-label={label}
          placeholder={label}
          maxLength={LONGEST}
          value={written}
          rightSection={search.isSearching && <Loader size="xs" />}
          onChange={(event) => {
            setWritten(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onFocus={() => {
            combobox.openDropdown();
          }}
          onBlur={() => {
            combobox.closeDropdown();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={query === ''}>
        <Outcome search={search} />
        <Combobox.Options aria-label={text('search.hits')}>
          <ScrollArea.Autosize mah="60vh" type="scroll">
            {search.hits.map((hit) => (
              <Option key={hit.path} hit={hit} />
            ))}
            {search.next !== null && !search.isSearching && (
              <Combobox.Option value={FURTHER}>{text('search.more')}</Combobox.Option>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Option({ hit }: { hit: Hit }) {
  const intl = useIntl();
  return (
    <Combobox.Option value={hit.path} className={styles.option ?? ''}>
      <Text size="sm" className={styles.text ?? ''}>
        <Parts parts={hit.parts} />
      </Text>
      <Text size="xs" c="dimmed">
        <bdi>{hit.of}</bdi>
        <span>{` · ${intl.formatDate(hit.at, { dateStyle: 'medium', timeStyle: 'short' })}`}</span>
      </Text>
    </Combobox.Option>
  );
}

/**
 * The number of results, whether the open session's own name matches, or the reason why there is
 * nothing.
 */
function Outcome({ search }: { search: SearchState }) {
  const text = useText();
  const { hits, name, next, isSearching, error, searchFurther } = search;
  if (error !== undefined && !isSearching) return <Fault error={error} retry={searchFurther} />;
  const says = () => {
    if (isSearching) return text('search.searching');
    if (hits.length === 0 && next === null) {
      return name === undefined ? text('search.none') : '';
    }
    return text(next === null ? 'search.count' : 'search.countMore', { count: hits.length });
  };
  return (
    <>
      {name !== undefined && (
        <Text size="sm" px="sm" py={4}>
          <span>{`${text('search.name')}: `}</span>
          <Parts parts={name} />
        </Text>
      )}
      <Text size="xs" c="dimmed" px="sm" py={4} role="status">
        {says()}
      </Text>
    </>
  );
}
