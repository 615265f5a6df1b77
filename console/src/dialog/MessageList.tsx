import { ActionIcon, Button, Loader, Text } from '@mantine/core';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Outbox, Outgoing } from '../composer/outbox';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { DayLabel } from './Dividers';
import type { EntryActs } from './EntryRow';
import { Line } from './Line';
import styles from './MessageList.module.css';
import type { Row } from './rows';
import type { History, PageState, Target } from './useHistory';

// So near to its end, a dialog stays there when something comes.
const END = 80;
// So near to what is not loaded, it is asked for.
const NEAR = 800;

interface Props {
  label: string;
  rows: readonly Row[];
  history: History;
  target: Target | undefined;
  /** The number of messages below that the operator has not seen. */
  below: number;
  onAtEnd: (atEnd: boolean) => void;
  acts: EntryActs;
  outbox: Outbox;
  edit: (outgoing: Outgoing) => void;
}

type Scroller = RefObject<HTMLDivElement | null>;
type Lines = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** The lines of a dialog. Only those on the screen, and some around, are in the page. */
export function MessageList({ label, rows, history, target, below, onAtEnd, ...rest }: Props) {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  // Only the end of the dialog is followed, not that of a page in the middle, nor of the last page
  // that is read on the way down.
  const [follows, setFollows] = useState(history.isEnd);
  if (follows && !history.isEnd) setFollows(false);
  const lines = useLines(scroller, rows, follows);
  // New entries may go on below the screen, where nobody has seen them yet.
  const beginsAtEnd = target === undefined && !rows.some(isLine);
  const { atEnd, onScroll } = useEnd(scroller, lines, onAtEnd, beginsAtEnd);
  useTarget(lines, rows, target);
  useStart(lines, rows, target);
  useNearness(scroller, rows, history);
  const top = rows[lines.getVirtualItemForOffset(lines.scrollOffset ?? 0)?.index ?? 0];
  return (
    <div className={styles.frame}>
      <Edge state={history.older} retry={history.loadOlder} />
      {!atEnd && top?.kind === 'entry' && (
        <div className={styles.floating} aria-hidden>
          <DayLabel at={top.entry.sentAt} />
        </div>
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-busy={history.older === 'loading' || history.newer === 'loading'}
        aria-label={text('dialog.label', { name: label })}
        // A pane that scrolls has to be reached by the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={() => {
          onScroll();
          setFollows(history.isEnd);
          loadNear(scroller.current, history);
        }}
      >
        <div className={styles.lines} style={{ height: lines.getTotalSize() }}>
          {lines.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <div
                key={key}
                ref={lines.measureElement}
                data-index={index}
                className={styles.line}
                data-highlighted={isAt(row, target)}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Line row={row} {...rest} />
              </div>
            );
          })}
        </div>
      </div>
      {!(atEnd && history.isEnd) && <ToEnd below={below} onClick={history.toEnd} />}
    </div>
  );
}

function useLines(scroller: Scroller, rows: readonly Row[], follows: boolean): Lines {
  const getItemKey = useCallback((index: number) => rows[index]?.key ?? index, [rows]);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by a compiler
  return useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey,
    overscan: 10,
    paddingStart: 16,
    paddingEnd: 8,
    anchorTo: 'end',
    followOnAppend: follows,
    scrollEndThreshold: END,
    useFlushSync: false,
  });
}

function estimate(row: Row | undefined): number {
  if (row?.kind !== 'entry') return 44;
  if (row.entry.kind === 'EVENT') return 32;
  return (row.leads ? 72 : 42) + 20 * Math.floor(row.entry.text.length / 70);
}

/** Tells whether the end is on the screen. It stays there when the pane changes its height. */
function useEnd(
  scroller: Scroller,
  lines: Lines,
  onAtEnd: (atEnd: boolean) => void,
  beginsAtEnd: boolean,
) {
  const [atEnd, setAtEnd] = useState(beginsAtEnd);
  const latest = useRef(atEnd);
  const onScroll = useCallback(() => {
    const pane = lines.scrollElement;
    if (pane === null) return;
    latest.current = pane.scrollHeight - pane.scrollTop - pane.clientHeight <= END;
    setAtEnd(latest.current);
  }, [lines]);
  useEffect(() => {
    onAtEnd(atEnd);
  }, [atEnd, onAtEnd]);
  useEffect(() => {
    const pane = scroller.current;
    if (pane === null) return;
    const observer = new ResizeObserver(() => {
      if (latest.current) lines.scrollToEnd();
      else onScroll();
    });
    observer.observe(pane);
    return () => {
      observer.disconnect();
    };
  }, [scroller, lines, onScroll]);
  return { atEnd, onScroll };
}

/** Begins where one had read to, or at the end. */
function useStart(lines: Lines, rows: readonly Row[], target: Target | undefined): void {
  const started = useRef(false);
  useLayoutEffect(() => {
    if (started.current || rows.length === 0) return;
    started.current = true;
    if (target !== undefined) return;
    const line = rows.findIndex(isLine);
    if (line === -1) lines.scrollToEnd();
    else lines.scrollToIndex(line, { align: 'start' });
  }, [lines, rows, target]);
  // When effects are run anew, the list has forgotten where it was to scroll.
  useLayoutEffect(
    () => () => {
      started.current = false;
    },
    [],
  );
}

/** Scrolls to where somebody wants to be, as soon as it is there. */
function useTarget(lines: Lines, rows: readonly Row[], target: Target | undefined): void {
  const done = useRef<Target>(undefined);
  useEffect(() => {
    if (target === undefined || done.current === target) return;
    if (target.kind === 'end') {
      done.current = target;
      lines.scrollToEnd();
      return;
    }
    const index = rows.findIndex((row) => isAt(row, target));
    if (index === -1) return;
    done.current = target;
    lines.scrollToIndex(index, { align: 'center' });
  }, [lines, rows, target]);
}

function isLine({ kind }: Row): boolean {
  return kind === 'new';
}

function isAt(row: Row, target: Target | undefined): boolean {
  return target?.kind === 'entry' && row.kind === 'entry' && row.entry.seq === target.seq;
}

function loadNear(pane: HTMLDivElement | null, history: History): void {
  if (pane === null) return;
  if (history.older === 'more' && pane.scrollTop < NEAR) history.loadOlder();
  const below = pane.scrollHeight - pane.scrollTop - pane.clientHeight;
  if (history.newer === 'more' && below < NEAR) history.loadNewer();
}

/** Reads on where what is shown does not fill the pane, or came while it was scrolled. */
function useNearness(scroller: Scroller, rows: readonly Row[], history: History): void {
  const latest = useRef(history);
  useEffect(() => {
    latest.current = history;
  });
  const { older, newer } = history;
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      loadNear(scroller.current, latest.current);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [scroller, rows, older, newer]);
}

function Edge({ state, retry }: { state: PageState; retry: () => void }) {
  const text = useText();
  if (state === 'loading') {
    return (
      <div className={styles.edge}>
        <Loader size="sm" aria-label={text('dialog.loading')} />
      </div>
    );
  }
  if (state !== 'failed') return null;
  return (
    <div className={styles.edge} role="alert">
      <Text size="sm">{text('dialog.olderFailed')}</Text>
      <Button size="compact-sm" variant="default" onClick={retry}>
        {text('error.retry')}
      </Button>
    </div>
  );
}

function ToEnd({ below, onClick }: { below: number; onClick: () => void }) {
  const text = useText();
  const label = below === 0 ? text('dialog.toEnd') : text('dialog.below', { count: below });
  return (
    <div className={styles.toEnd}>
      {below > 0 ? (
        <Button radius="xl" size="sm" leftSection={<Icon name="down" />} onClick={onClick}>
          {label}
        </Button>
      ) : (
        <ActionIcon radius="xl" size="lg" variant="default" aria-label={label} onClick={onClick}>
          <Icon name="down" />
        </ActionIcon>
      )}
    </div>
  );
}
