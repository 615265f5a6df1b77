import { useApolloClient } from '@apollo/client/react';
import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { sayFault } from '../error/fault';
import { useText } from '../language/language';
import { readPart } from './history';
import type { Entry } from './rows';
import { after, around, before, runAround, type Part } from './run';

export type PlacedEntry = Entry & { cursor: string };

/** The place to scroll to, once for each object. */
export type Target = { kind: 'end' } | { kind: 'entry'; seq: number };

// So long it is highlighted.
const SHOWN = 2_500;

export type PageState = 'none' | 'more' | 'loading' | 'failed';

export interface History {
  /** The entries on the screen, without gaps. */
  run: readonly PlacedEntry[];
  /** True if they reach the end of the dialog. */
  isEnd: boolean;
  older: PageState;
  newer: PageState;
  loadOlder: () => void;
  loadNewer: () => void;
  target: Target | undefined;
  jump: (seq: number) => Promise<void>;
  toEnd: () => void;
}

/** The part of a dialog that is shown, and how to see others. It begins around an entry, or at the end. */
export function useHistory(
  sessionId: string,
  entries: readonly PlacedEntry[],
  beginning: number | undefined,
): History {
  const [focus, setFocus] = useState(beginning);
  const [target, setTarget] = useState<Target>();
  const run = useMemo(() => runAround(entries, focus), [entries, focus]);
  const first = run[0];
  const last = run.at(-1);
  const isEnd = last === entries.at(-1);
  const older = usePage(
    sessionId,
    first !== undefined && first.seq > 1 ? first : undefined,
    before,
  );
  const newer = usePage(sessionId, isEnd ? undefined : last, after);
  const read = useJump(sessionId, entries);
  const jump = useCallback(
    async (seq: number) => {
      if (!(await read(seq))) return;
      setFocus(seq);
      const wanted = { kind: 'entry', seq } as const;
      setTarget(wanted);
      setTimeout(() => {
        setTarget((current) => (current === wanted ? undefined : current));
      }, SHOWN);
    },
    [read],
  );
  const toEnd = useCallback(() => {
    setFocus(undefined);
    setTarget({ kind: 'end' });
  }, []);
  useWanted(jump);
  return {
    run,
    isEnd,
    older: older.state,
    newer: newer.state,
    loadOlder: older.load,
    loadNewer: newer.load,
    target,
    jump,
    toEnd,
  };
}

/** The page beside an entry: each is asked for once at a time. */
function usePage(
  sessionId: string,
  edge: PlacedEntry | undefined,
  partOf: (edge: PlacedEntry) => Part,
): { state: PageState; load: () => void } {
  const client = useApolloClient();
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const isLoading = useRef(false);
  const latest = useRef(edge);
  const done = useRef(0);
  useEffect(() => {
    latest.current = edge;
  });
  const load = useCallback(() => {
    const from = latest.current;
    // An answer is in the cache before it is shown.
    if (from === undefined || isLoading.current || from.seq === done.current) return;
    isLoading.current = true;
    setState('loading');
    const end = (next: 'idle' | 'failed') => {
      isLoading.current = false;
      setState(next);
    };
    readPart(client, sessionId, partOf(from)).then(
      () => {
        done.current = from.seq;
        end('idle');
      },
      () => {
        end('failed');
      },
    );
  }, [client, sessionId, partOf]);
  if (edge === undefined) return { state: 'none', load };
  return { state: state === 'idle' ? 'more' : state, load };
}

/** Reads what stands around an entry, unless it is there; false when that failed, and has been shown. */
function useJump(
  sessionId: string,
  entries: readonly PlacedEntry[],
): (seq: number) => Promise<boolean> {
  const client = useApolloClient();
  const text = useText();
  const latest = useRef(entries);
  useEffect(() => {
    latest.current = entries;
  });
  return useCallback(
    async (seq: number) => {
      if (latest.current.some((entry) => entry.seq === seq)) return true;
      try {
        await readPart(client, sessionId, around(seq));
        return true;
      } catch (error) {
        notifications.show({ color: 'red', message: text(sayFault(error)) });
        return false;
      }
    },
    [client, sessionId, text],
  );
}

/** Jumps to the entry that the address names with `?seq=`; then the address is as it was. */
function useWanted(jump: (seq: number) => Promise<void>): void {
  const wanted = new URLSearchParams(useSearch()).get('seq');
  const [path, navigate] = useLocation();
  useEffect(() => {
    if (wanted === null) return;
    const seq = Number(wanted);
    // So that the same entry can be asked for again.
    navigate(path, { replace: true });
    if (Number.isSafeInteger(seq) && seq > 0 && seq < 2 ** 31) void jump(seq);
  }, [wanted, path, navigate, jump]);
}
