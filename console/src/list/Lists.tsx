import type { FragmentType } from '@apollo/client';
import { Chip, Group, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Lists_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { useShortcut } from '../shortcut/registry';
import styles from './Lists.module.css';
import type { ListStore } from './ListStore';
import type { Filter } from './placement';
import { RowView } from './RowView';
import { HEIGHT, type Row } from './tree';
import { useLists, type ListsState } from './useLists';

/** The live chats where I have a role, each with its groups of sessions. */
export function Lists({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const lists = useLists(viewer);
  if (lists.rows.length === 0) {
    return (
      <Text p="md" c="dimmed" className={styles.lists ?? ''}>
        {text('list.noLiveChats')}
      </Text>
    );
  }
  return (
    <>
      <Filters filter={lists.store.get().filter} store={lists.store} />
      <Tree {...lists} />
    </>
  );
}

function Filters({ filter, store }: { filter: Filter; store: ListStore }) {
  const text = useText();
  return (
    <Group gap="xs" px="md" py="xs" role="group" aria-label={text('list.filters')}>
      <Chip
        size="xs"
        checked={filter.unread}
        onChange={(unread) => {
          store.setFilter({ ...filter, unread });
        }}
      >
        {text('list.onlyUnread')}
      </Chip>
      <Chip
        size="xs"
        checked={filter.waitingForReply}
        onChange={(waitingForReply) => {
          store.setFilter({ ...filter, waitingForReply });
        }}
      >
        {text('list.onlyWaiting')}
      </Chip>
    </Group>
  );
}

/** Only the lines in sight are there, and some around them. */
function Tree({ rows, store, toggle }: ListsState) {
  const pane = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its result is used here only
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: (index) => HEIGHT[rows[index]?.kind ?? 'session'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  const isFiltered = Object.values(store.get().filter).some(Boolean);
  const items = virtualizer.getVirtualItems();

  useEffect(() => {
    for (const { index } of items) {
      const row = rows[index];
      if (row?.kind === 'more') void store.load(row.liveChat.id, row.group);
    }
  });
  useNeighbours(rows, pane, (index) => {
    virtualizer.scrollToIndex(index);
  });

  return (
    <div ref={pane} className={styles.lists}>
      <div className={styles.all} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, key, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const style = { height: size, transform: `translateY(${start}px)` };
          return (
            <div key={key} className={styles.line} style={style} data-row={row.key}>
              <RowView row={row} isFiltered={isFiltered} toggle={toggle} store={store} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** j and k go from session to session, wherever the focus was. */
function useNeighbours(
  rows: readonly Row[],
  pane: React.RefObject<HTMLDivElement | null>,
  scrollTo: (index: number) => void,
): void {
  const go = (step: 1 | -1) => {
    const sessions = rows.flatMap((row, index) => (row.kind === 'session' ? [index] : []));
    const focused = document.activeElement?.closest('[data-row]')?.getAttribute('data-row');
    const current = pane.current?.querySelector('[aria-current="page"]');
    const from = focused ?? current?.closest('[data-row]')?.getAttribute('data-row');
    const at = sessions.findIndex((index) => rows[index]?.key === from);
    const next = at === -1 ? (step === 1 ? sessions[0] : sessions.at(-1)) : sessions[at + step];
    if (next === undefined) return;
    scrollTo(next);
    // The line is there after the next painting.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        const line = pane.current?.querySelector(
          `[data-row="${CSS.escape(rows[next]?.key ?? '')}"] a`,
        );
        if (line instanceof HTMLElement) line.focus();
      });
    });
  };
  useShortcut('j', 'list.next', () => {
    go(1);
  });
  useShortcut('k', 'list.previous', () => {
    go(-1);
  });
}
