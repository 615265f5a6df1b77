import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { firstNew, isInVain, type Tried } from './first-new';
import { readPart } from './history';
import { isNew, isUnread, type Entry } from './rows';
import { around } from './run';

interface Opened {
  session: { id: string; viewerReadSeq: number; unreadCount: number };
  entries: readonly Entry[];
  myId: string;
  /** True while the page shows the kept session and reads the new one. */
  isKept: boolean;
}

/** The entry where a dialog begins, once it is known; at the end of the dialog without one. */
export type Beginning = { seq: number | undefined } | undefined;

/** Finds where a dialog that is opened begins, and reads of it what is needed for that. */
export function useFirstNew({ session, entries, myId, isKept }: Opened): Beginning {
  const client = useApolloClient();
  const [beginning, setBeginning] = useState<Beginning>();
  const { id, viewerReadSeq: readSeq, unreadCount } = session;
  // Something came while the dialog was not followed. One after the other it comes by the feed
  // now, and the first of it is not yet all.
  const isThere = (entry: Entry) => isUnread(entry, readSeq, id) && isNew(entry, myId);
  const [wasBehind] = useState(isKept && unreadCount > 0 && !entries.some(isThere));
  const start =
    beginning === undefined && !(wasBehind && isKept)
      ? firstNew({ entries, sessionId: id, myId, readSeq, unreadCount })
      : undefined;
  if (start?.is === 'known') setBeginning({ seq: start.seq });
  const wanted = start?.is === 'unread' ? start.around : undefined;
  const [tried, setTried] = useState<Tried>();
  // The entries were read and did not settle the place: the dialog begins at its end.
  if (wanted !== undefined && isInVain(entries, wanted, tried)) setBeginning({ seq: undefined });
  useEffect(() => {
    if (wanted === undefined) return;
    let isCurrent = true;
    const end = (came: readonly number[]) => {
      if (isCurrent) setTried({ around: wanted, came });
    };
    readPart(client, id, around(wanted)).then(end, () => {
      end([]);
    });
    return () => {
      isCurrent = false;
    };
  }, [client, id, wanted]);
  return beginning;
}
