import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../language/language';
import { useListsContext } from './lists';
import styles from './Lists.module.css';
import { RowView } from './RowView';
import type { Row } from './tree';
import { useAnchor } from './useAnchor';
import { useCurrentId, useRoving } from './useRoving';

/** The height of each kind of line, in heights of a letter. */
const HEIGHT: Record<Row['kind'], number> = {
  liveChat: 2.5,
  group: 2.125,
  session: 3.875,
  empty: 2.25,
  loading: 11.625,
  more: 3.875,
  error: 3,
};

const OVERSCAN = 8;
/**
 * The number of lines before the end of a list at which its next page is read, so that nobody has
 * to wait there.
 */
const AHEAD = 20;

/** Only the lines in sight are there, some around them, and the one that has the focus. */
export function Tree({ rows }: { rows: readonly Row[] }) {
  const text = useText();
  const { store, changed } = useListsContext();
  const pane = useRef<HTMLDivElement>(null);
  const [letter] = useState(letterHeight);
  const places = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const currentId = useCurrentId();
  const roving = useRoving(rows, places, currentId, pane, (index) => {
    virtualizer.scrollToIndex(index);
  });
  const { stop } = roving;
  // New ones with the lines only: with them everything is measured again.
  const keyAt = useCallback((index: number) => rows[index]?.key ?? index, [rows]);
  const heightAt = useCallback(
    (index: number) => HEIGHT[rows[index]?.kind ?? 'session'] * letter,
    [rows, letter],
  );
  const shown = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (stop === undefined || indexes.includes(stop)) return indexes;
      return [...indexes, stop].toSorted((one, other) => one - other);
    },
    [stop],
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- its result is used here only
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: heightAt,
    getItemKey: keyAt,
    rangeExtractor: shown,
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  useAnchor(rows, places, changed, virtualizer);
  useEffect(() => {
    const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
    for (const row of rows.slice(first, last + AHEAD)) {
      if (row.kind === 'more') void store.load(row.liveChatId, row.group);
    }
  });

  return (
    // The keys work on what has the focus: a link or a button in one of the lines.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={pane}
      className={styles.pane}
      role="list"
      aria-label={text('list.sessions')}
      onKeyDown={roving.onKeyDown}
      onFocus={roving.onFocus}
      onBlur={roving.onBlur}
    >
      <div
        className={styles.all}
        role="presentation"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map(({ index, key, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={key}
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              data-row={row.key}
              className={styles.line}
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              <RowView
                row={row}
                isCurrent={row.kind === 'session' && row.sessionId === currentId}
                tabIndex={index === stop ? 0 : -1}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Lines are as high as the browser's letters are, which its user may have made larger. */
function letterHeight(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
