import { useApolloClient } from '@apollo/client/react';
import { useCallback, useRef } from 'react';
import { SET_TYPING } from './acts';

// More often, the service takes no notice.
const INTERVAL = 3_000;

/** Says that I am typing, not more often than it makes a difference. */
export function useTyping(sessionId: string): () => void {
  const client = useApolloClient();
  const last = useRef(0);
  return useCallback(() => {
    const now = Date.now();
    if (now - last.current < INTERVAL) return;
    last.current = now;
    client.mutate({ mutation: SET_TYPING, variables: { sessionId } }).catch(() => {
      // It is a courtesy: nothing is lost without it.
    });
  }, [client, sessionId]);
}
