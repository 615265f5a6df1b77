import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';
import { shiftOf, type Sight } from './anchor';
import type { Changed } from './openness';
import type { Row } from './tree';

interface Seen {
  rows: readonly Row[];
  changed: Changed;
  sight: Sight;
}

/**
 * Keeps what one looks at where it is while lines come and go above it; not at the top, where the
 * newest are to be seen, and not when one opens or closes something oneself.
 */
export function useAnchor(
  rows: readonly Row[],
  places: ReadonlyMap<string, number>,
  changed: Changed,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): void {
  const seen = useRef<Seen>(undefined);
  const items = virtualizer.getVirtualItems();
  useLayoutEffect(() => {
    // The virtualizer knows these values without a new layout by the browser.
    const { scrollElement, scrollOffset, scrollRect, measurementsCache } = virtualizer;
    let top = scrollOffset ?? 0;
    const last = seen.current;
    if (last !== undefined && last.rows !== rows && last.changed === changed && top > 0) {
      const shift = shiftOf(last.sight, (key) => {
        const place = places.get(key);
        return place === undefined ? undefined : measurementsCache[place]?.start;
      });
      if (shift !== 0) scrollElement?.scrollBy({ top: shift, behavior: 'instant' });
      top += shift;
    }
    const bottom = top + (scrollRect?.height ?? 0);
    // Lines below an unfinished list make room for its next page, so they are no anchor.
    const end = items.findIndex(({ index }) => isUnfinished(rows[index]));
    const sight = items.slice(0, end === -1 ? items.length : end).flatMap((item): Sight => {
      const key = rows[item.index]?.key;
      return key !== undefined && item.end > top && item.start < bottom ? [[key, item.start]] : [];
    });
    seen.current = { rows, changed, sight };
  });
}

function isUnfinished(row: Row | undefined): boolean {
  return row?.kind === 'more' || row?.kind === 'loading';
}
