import { useCallback, useState } from 'react';
import { useSessionChanges } from '../feed/feeds';

/** That a session may be seen no more, and who has it now, as far as it is known. */
export interface Gone {
  by: string | undefined;
}

export interface Sight {
  gone: Gone | undefined;
  /** The number of times that the session came back. Then the page subscribes to it anew. */
  times: number;
  /** Reports that the subscription to the session has ended. */
  leave: () => void;
}

/** Tells whether the viewer can no longer see the open session. It may come back. */
export function useGone(sessionId: string): Sight {
  const [gone, setGone] = useState<Gone>();
  const [times, setTimes] = useState(0);
  const leave = useCallback(() => {
    setGone((before) => before ?? { by: undefined });
  }, []);
  useSessionChanges(({ removedId, session, heldBy }) => {
    if (removedId === sessionId) setGone({ by: heldBy?.name });
    if (session?.id !== sessionId || gone === undefined) return;
    setGone(undefined);
    setTimes(times + 1);
  });
  return { gone, times, leave };
}
