import { useApolloClient } from '@apollo/client/react';
import { useMemo, useSyncExternalStore } from 'react';
import type { Outbox, Outgoing } from './outbox';
import { outboxOf } from './send';

/** The outbox, and what of it is on its way to a session. */
export function useOutbox(
  personId: string,
  sessionId: string,
): { outbox: Outbox; outgoing: readonly Outgoing[] } {
  const client = useApolloClient();
  const outbox = outboxOf(client, personId);
  const all = useSyncExternalStore(outbox.subscribe, outbox.all);
  const outgoing = useMemo(
    () => all.filter((one) => one.sessionId === sessionId),
    [all, sessionId],
  );
  return { outbox, outgoing };
}
