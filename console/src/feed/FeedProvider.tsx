import { useEffect, useState, type ReactNode } from 'react';
import { clock } from '../clock/clock';
import { ALERTS_FEED, COUNTERS_FEED, PRESENCE_FEED, SESSIONS_FEED } from './documents';
import { createEmitter } from './emitter';
import { FeedContext, type Feeds } from './feeds';
import { useFeed } from './useFeed';

const NONE = () => ({});
const NOTHING = () => {
  // The cache has taken what came.
};

// A socket that does not come in this time is not waited for: the lists are read again when it does.
const PATIENCE = 2_000;

/** Follows what every part of the desk needs to hear, once for all of them. */
export function FeedProvider({ children }: { children: ReactNode }) {
  const [emitters] = useState(() => ({
    changes: createEmitter<Parameters<Feeds['changes']['emit']>[0]>(),
    alerts: createEmitter<Parameters<Feeds['alerts']['emit']>[0]>(),
    reread: createEmitter<undefined>(),
  }));
  const [opened, setOpened] = useState(false);

  useFeed('counters', COUNTERS_FEED, NONE, { onData: NOTHING });
  useFeed('presence', PRESENCE_FEED, NONE, { onData: NOTHING });
  useFeed('alerts', ALERTS_FEED, NONE, {
    onData: ({ alerts }) => {
      clock.pushed(alerts.at, Date.now());
      emitters.alerts.emit(alerts);
    },
  });
  useFeed('sessions', SESSIONS_FEED, NONE, {
    onData: ({ sessions }) => {
      if (sessions.kind !== 'READY') emitters.changes.emit(sessions);
      // Data read after READY misses nothing: the first reading waits for the first READY.
      else if (opened) emitters.reread.emit(undefined);
      else setOpened(true);
    },
  });
  useEffect(() => {
    const timer = setTimeout(() => {
      setOpened(true);
    }, PATIENCE);
    return () => {
      clearTimeout(timer);
    };
  }, []);

  return <FeedContext value={{ ...emitters, opened }}>{children}</FeedContext>;
}
