import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { useRoute } from 'wouter';
import { SESSION_ROUTE, sessionIdOf } from '../session/path';
import { useShortcut } from '../shortcut/registry';
import { useListsContext } from './lists';
import { isReachable, nearestRow, nextRow, type Row } from './tree';

export interface Roving {
  /** The line that is reached by the Tab key; the others by arrows. */
  stop: number | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
  onBlur: (event: FocusEvent) => void;
}

const isSession = (row: Row) => row.kind === 'session';

/** Goes through the lines by keys, and does not lose the focus when its line moves or leaves. */
export function useRoving(
  rows: readonly Row[],
  places: ReadonlyMap<string, number>,
  currentId: string | undefined,
  pane: RefObject<HTMLElement | null>,
  scrollTo: (index: number) => void,
): Roving {
  const { setOpen } = useListsContext();
  const [active, setActive] = useState<string>();
  const current = useCurrent(rows, currentId);
  const focused = useRef<{ key: string; place: number }>(undefined);
  const isWanted = useRef(false);
  const place = active === undefined ? undefined : places.get(active);
  const stop = place ?? current ?? nextRow(rows, -1, 1, isReachable);

  const goTo = (index: number | undefined) => {
    const key = index === undefined ? undefined : rows[index]?.key;
    if (index === undefined || key === undefined) return;
    scrollTo(index);
    setActive(key);
    // A line that is not there yet has the focus as soon as it is.
    isWanted.current = !focusLine(pane.current, key);
  };

  useLayoutEffect(() => {
    if (isWanted.current && active !== undefined) {
      isWanted.current = !focusLine(pane.current, active);
    }
    const held = focused.current;
    if (held === undefined) return;
    const now = places.get(held.key);
    if (now !== undefined) held.place = now;
    else if (document.activeElement === document.body) goTo(nearestRow(rows, held.place));
  });

  const step = (direction: 1 | -1, isSuch: (row: Row) => boolean) => {
    goTo(nextRow(rows, stop ?? -1, direction, isSuch));
  };
  const goOn = (direction: 1 | -1) => {
    // Without the lists on the screen there is nothing to go through.
    if (pane.current?.offsetParent == null) return;
    const isBefore = focused.current === undefined && current === undefined;
    if (isBefore) goTo(nextRow(rows, direction === 1 ? -1 : rows.length, direction, isSession));
    else step(direction, isSession);
  };
  useShortcut('j', 'list.next', () => {
    goOn(1);
  });
  useShortcut('k', 'list.previous', () => {
    goOn(-1);
  });

  const openOrGo = (isOpening: boolean) => {
    const row = stop === undefined ? undefined : rows[stop];
    if (row === undefined || stop === undefined) return;
    const isHeader = row.kind === 'group' || row.kind === 'liveChat';
    if (isHeader && row.isOpen !== isOpening) setOpen(row.key, isOpening);
    else if (isOpening) step(1, isReachable);
    else goTo(nextRow(rows, stop, -1, isAbove(row)));
  };

  return {
    stop,
    onKeyDown: (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
      const run: Partial<Record<string, () => void>> = {
        ArrowDown: () => {
          step(1, isReachable);
        },
        ArrowUp: () => {
          step(-1, isReachable);
        },
        ArrowRight: () => {
          openOrGo(!isRtl);
        },
        ArrowLeft: () => {
          openOrGo(isRtl);
        },
        Home: () => {
          goTo(nextRow(rows, -1, 1, isReachable));
        },
        End: () => {
          goTo(nextRow(rows, rows.length, -1, isReachable));
        },
      };
      const act = run[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
    onFocus: ({ target }) => {
      const key = target.closest('[data-row]')?.getAttribute('data-row');
      if (key == null) return;
      focused.current = { key, place: places.get(key) ?? 0 };
      setActive(key);
    },
    // A line that is taken away tells nothing of it: only leaving it does.
    onBlur: ({ relatedTarget }) => {
      if (!pane.current?.contains(relatedTarget)) focused.current = undefined;
    },
  };
}

/** The line above, in the tree: a session's group, a group's live chat. */
function isAbove(row: Row): (other: Row) => boolean {
  if (row.kind === 'group') return (other) => other.kind === 'liveChat';
  if (row.kind === 'liveChat') return () => false;
  return (other) => other.kind === 'group';
}

/** The session that is open. */
export function useCurrentId(): string | undefined {
  const [, params] = useRoute(SESSION_ROUTE);
  return params === null ? undefined : sessionIdOf(params.id);
}

function useCurrent(rows: readonly Row[], id: string | undefined): number | undefined {
  return useMemo(() => {
    if (id === undefined) return undefined;
    const found = rows.findIndex((row) => row.kind === 'session' && row.sessionId === id);
    return found === -1 ? undefined : found;
  }, [rows, id]);
}

function focusLine(pane: HTMLElement | null, key: string): boolean {
  const line = pane?.querySelector(`[data-row="${CSS.escape(key)}"] :is(a, button)`);
  if (!(line instanceof HTMLElement)) return false;
  line.focus({ preventScroll: true });
  return true;
}
