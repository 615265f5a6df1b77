import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { readChannel } from '../channel/readChannel';
import { clock } from '../clock/clock';
import { useFeed } from '../feed/useFeed';
import type { DialogFeedSubscription } from '../generated/graphql';
import type { Sight } from '../session/useGone';
import { DIALOG_FEED } from './documents';
import { lastSeq, readPart, take } from './history';
import { PAGE_LENGTH } from './run';
import { lasts, type Typist } from './typing';

/** Follows an open dialog: the cache takes what is written, and this says who types. */
export function useDialogFeed(sessionId: string, { times, leave }: Sight): Typist[] {
  const client = useApolloClient();
  const { typists, heard, wrote } = useTypists();
  const taking = useRef(Promise.resolve());
  const onData = ({ dialog }: DialogFeedSubscription) => {
    if (dialog.__typename === 'Typing') {
      heard(dialog.actor.name, dialog.actor.__typename === 'Client', dialog.until);
      return;
    }
    // One after the other, so that a hole is read once, whatever comes meanwhile.
    taking.current = taking.current
      .then(async () => {
        // A message that comes again was not written just now.
        const isNew = dialog.seq > lastSeq(client.cache, sessionId);
        await take(client, sessionId, dialog);
        if (isNew) wrote(dialog.author.name);
        if (dialog.delivery?.error?.code === 'CHANNEL_DISABLED') {
          await readChannel(client, sessionId);
        }
      })
      .catch(() => undefined);
  };
  useFeed(
    `dialog ${sessionId} ${times}`,
    DIALOG_FEED,
    () => ({ sessionId, afterSeq: lastSeq(client.cache, sessionId) }),
    {
      onData,
      onResync: () => readPart(client, sessionId, { last: PAGE_LENGTH }).catch(() => undefined),
      onEnd: leave,
    },
  );
  return typists;
}

function useTypists() {
  const [typists, setTypists] = useState<Typist[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const forget = useCallback((name: string) => {
    clearTimeout(timers.current.get(name));
    timers.current.delete(name);
    setTypists((others) => others.filter((other) => other.name !== name));
  }, []);
  const heard = useCallback(
    (name: string, isClient: boolean, until: string) => {
      clearTimeout(timers.current.get(name));
      const end = () => {
        forget(name);
      };
      timers.current.set(name, setTimeout(end, lasts(until, clock.now())));
      setTypists((others) => [
        ...others.filter((other) => other.name !== name),
        { name, isClient },
      ]);
    },
    [forget],
  );
  useEffect(() => {
    const running = timers.current;
    return () => {
      running.forEach(clearTimeout);
    };
  }, []);
  return { typists, heard, wrote: forget };
}
