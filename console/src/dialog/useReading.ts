import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useAct } from '../error/useAct';
import { handed, useHanded } from '../session/handed';
import { MARK_READ, MARK_UNREAD, markedUnread } from './acts';
import { useAttention } from './attention';
import { isNew, type Entry } from './rows';

// An entry counts as read after so many milliseconds on the screen.
const GLANCE = 400;

interface Seen {
  sessionId: string;
  myId: string;
  /** All entries up to the end of the dialog. */
  entries: readonly Entry[];
  /** Up to where I have read, as the service says. */
  readSeq: number;
  /** True if the end of the dialog is on the screen. */
  atEnd: boolean;
}

/**
 * The place of the line "new", the last entry that was seen, and the way to mark entries as unread.
 */
export interface Reading {
  lineSeq: number | undefined;
  seenSeq: number;
  markUnread: (fromSeq: number) => Promise<void>;
  /** The line has done its service. */
  forgetLine: () => void;
}

/** Says that the dialog is read, while its end is on the screen and somebody looks at it. */
export function useReading({ sessionId, myId, entries, readSeq, atEnd }: Seen): Reading {
  const attention = useAttention();
  const last = entries.at(-1)?.seq ?? 0;
  // The line stands where one had read to when one came, or came back.
  const [lineSeq, setLineSeq] = useState<number | undefined>(readSeq);
  const [seenSeq, setSeenSeq] = useState(readSeq);
  const [wasThere, setWasThere] = useState(attention);
  const isSeen = atEnd && attention;
  if (wasThere !== attention) {
    setWasThere(attention);
    if (!attention) setLineSeq(seenSeq);
  }
  if (isSeen && last > seenSeq) setSeenSeq(last);

  const newest = entries.findLast((entry) => isNew(entry, myId))?.seq ?? 0;
  const { markUnread, isLeft } = useUnread(sessionId, setLineSeq);
  useMarkRead(sessionId, isSeen && !isLeft && newest > readSeq ? last : 0);

  // It was given to me, and now somebody looks at it.
  const isHanded = useHanded(sessionId);
  useEffect(() => {
    if (attention && isHanded) handed().drop(sessionId);
  }, [attention, isHanded, sessionId]);

  const forgetLine = useCallback(() => {
    setLineSeq(undefined);
  }, []);
  return { lineSeq, seenSeq: Math.max(seenSeq, readSeq), markUnread, forgetLine };
}

/** Marks as read up to an entry, unless it is 0; each once, and never back. */
function useMarkRead(sessionId: string, upToSeq: number): void {
  const client = useApolloClient();
  const marked = useRef(0);
  useEffect(() => {
    if (upToSeq <= marked.current) return;
    const timer = setTimeout(() => {
      marked.current = upToSeq;
      client.mutate({ mutation: MARK_READ, variables: { sessionId, upToSeq } }).catch(() => {
        // Nobody asked for it, so nobody is told: the next one marks this too.
        marked.current = 0;
      });
    }, GLANCE);
    return () => {
      clearTimeout(timer);
    };
  }, [client, sessionId, upToSeq]);
}

/**
 * Marks entries as unread. The dialog is not marked as read again before the operator leaves it.
 */
function useUnread(sessionId: string, setLine: (seq: number) => void) {
  const [isLeft, setLeft] = useState(false);
  const [mark] = useAct(MARK_UNREAD, markedUnread);
  const markUnread = useCallback(
    async (fromSeq: number) => {
      setLeft(true);
      if ((await mark({ sessionId, fromSeq })) === undefined) setLeft(false);
      else setLine(fromSeq - 1);
    },
    [mark, sessionId, setLine],
  );
  return { markUnread, isLeft };
}
