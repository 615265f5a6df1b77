import { useEffect, useState, type ReactNode } from 'react';
import { DESK_FEED } from './documents';
import { createEmitter } from './emitter';
import { FeedContext, passOn, type Alert, type SessionChange } from './feeds';
import { useFeed } from './useFeed';

// A socket that does not come in this time is not waited for: the lists are read again when it does.
const PATIENCE = 2_000;

/** Follows what every part of the desk needs to hear, once for all of them. */
export function FeedProvider({ children }: { children: ReactNode }) {
  const [emitters] = useState(() => ({
    changes: createEmitter<SessionChange>(),
    alerts: createEmitter<Alert>(),
    reread: createEmitter<undefined>(),
  }));
  const [opened, setOpened] = useState(false);

  useFeed('desk', DESK_FEED, () => ({}), {
    onData: ({ desk }) => {
      passOn(desk, emitters, () => {
        // Data read after READY misses nothing: the first reading waits for the first READY.
        if (opened) emitters.reread.emit(undefined);
        else setOpened(true);
      });
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
