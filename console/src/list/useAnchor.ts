import { useLayoutEffect, useRef, type RefObject } from 'react';
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
  changed: Changed,
  pane: RefObject<HTMLElement | null>,
  items: readonly { index: number; start: number; end: number }[],
  startOf: (key: string) => number | undefined,
): void {
  const seen = useRef<Seen>(undefined);
  useLayoutEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const last = seen.current;
    if (last !== undefined && last.rows !== rows && last.changed === changed) {
      const shift = element.scrollTop > 0 ? shiftOf(last.sight, startOf) : 0;
      if (shift !== 0) element.scrollBy({ top: shift, behavior: 'instant' });
    }
    const [top, bottom] = [element.scrollTop, element.scrollTop + element.clientHeight];
    const sight = items.flatMap(({ index, start, end }): Sight => {
      const key = rows[index]?.key;
      return key !== undefined && end > top && start < bottom ? [[key, start]] : [];
    });
    seen.current = { rows, changed, sight };
  });
}
