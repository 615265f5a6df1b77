import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { useAttention } from '../dialog/attention';
import { useReread, useSessionChanges } from '../feed/feeds';
import { graphql } from '../generated';
import { useCurrentId } from '../list/useRoving';
import { handed } from '../session/handed';
import type { StandingAlerts } from './standing';

const ALERTED = graphql(`
  query AlertedSessions($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Session {
        id
        version
        state
        unreadCount
        operator {
          id
        }
      }
    }
  }
`);

/** Takes each alert away as soon as its cause is gone. */
export function useDepartures(alerts: StandingAlerts, myId: string | undefined): void {
  useOpened(alerts);
  useSessionChanges(({ session, removedId, version }) => {
    if (session != null) alerts.hear(session, myId);
    if (removedId != null) alerts.lose(removedId, version);
  });
  useSettledMeanwhile(alerts, myId);
}

/** Takes away the alert of the session that is open, however it was opened. */
function useOpened(alerts: StandingAlerts): void {
  const currentId = useCurrentId();
  const attention = useAttention();
  useEffect(() => {
    if (currentId !== undefined) alerts.drop(currentId);
  }, [alerts, currentId, attention]);
  useEffect(
    () =>
      // An assigned session was opened, perhaps in another tab.
      handed().subscribe(() => {
        for (const { kind, sessionId } of alerts.get().standing) {
          if (kind === 'ASSIGNED_TO_ME' && !handed().has(sessionId)) alerts.drop(sessionId);
        }
      }),
    [alerts],
  );
}

/** Asks after a break for the sessions of all alerts: what settled some was not pushed. */
function useSettledMeanwhile(alerts: StandingAlerts, myId: string | undefined): void {
  const client = useApolloClient();
  useReread(async () => {
    const asked = alerts.get().standing;
    if (asked.length === 0) return;
    const answer = await client
      .query({
        query: ALERTED,
        variables: { ids: asked.map(({ sessionId }) => sessionId) },
        fetchPolicy: 'no-cache',
      })
      // They stand until the next answer.
      .catch(() => undefined);
    answer?.data?.nodes.forEach((node, at) => {
      const alert = asked[at];
      if (node?.__typename === 'Session') alerts.hear(node, myId);
      else if (node === null && alert !== undefined) alerts.lose(alert.sessionId, alert.version);
    });
  });
}
