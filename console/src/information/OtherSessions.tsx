import { useQuery } from '@apollo/client/react';
import { Button, Collapse, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { Link } from 'wouter';
import { Fault } from '../error/Fault';
import { graphql } from '../generated';
import type { ClientSessionsQuery } from '../generated/graphql';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';

const CLIENT_SESSIONS = graphql(`
  query ClientSessions($clientId: ID!, $after: String) {
    node(id: $clientId) {
      id
      ... on Client {
        sessions(first: 20, after: $after) {
          nodes {
            id
            version
            name
            firstMessageAt
            liveChat {
              id
              name
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  }
`);

type Client = Extract<NonNullable<ClientSessionsQuery['node']>, { __typename?: 'Client' }>;
type SessionPage = Client['sessions'];

/** The client's other sessions that I may see, read when they are asked for. */
export function OtherSessions({ clientId, sessionId }: { clientId: string; sessionId: string }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        // It begins where the labels above it do.
        px={0}
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        {text('information.others')}
      </Button>
      <Collapse in={isOpen}>
        {isOpen && <Found clientId={clientId} sessionId={sessionId} />}
      </Collapse>
    </div>
  );
}

function Found({ clientId, sessionId }: { clientId: string; sessionId: string }) {
  const text = useText();
  const intl = useIntl();
  const { data, error, refetch, fetchMore, loading } = useQuery(CLIENT_SESSIONS, {
    variables: { clientId },
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const page = sessionsOf(data);
  if (error !== undefined) return <Fault error={error} retry={refetch} />;
  if (page === undefined) return <Skeleton h={36} aria-busy />;
  const others = page.nodes.filter(({ id }) => id !== sessionId);
  const more = () =>
    fetchMore({
      variables: { after: page.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult }) => joined(before, fetchMoreResult),
    });
  return (
    <Stack gap="xs" mt="xs">
      {others.map(({ id, name, firstMessageAt, liveChat }) => (
        <Link key={id} href={sessionPath(id)}>
          <Text size="sm">
            <bdi>{name}</bdi>
          </Text>
          <Text size="xs" c="dimmed">
            <bdi>{liveChat.name}</bdi>
            <span>{` · ${intl.formatDate(firstMessageAt, { dateStyle: 'medium' })}`}</span>
          </Text>
        </Link>
      ))}
      {others.length === 0 && !page.pageInfo.hasNextPage && (
        <Text size="sm" c="dimmed">
          {text('information.noOthers')}
        </Text>
      )}
      {page.pageInfo.hasNextPage && (
        <Button variant="default" size="compact-sm" loading={loading} onClick={() => void more()}>
          {text('information.more')}
        </Button>
      )}
    </Stack>
  );
}

function sessionsOf(data: ClientSessionsQuery | undefined): SessionPage | undefined {
  return data?.node != null && 'sessions' in data.node ? data.node.sessions : undefined;
}

/** Two pages as one. */
function joined(before: ClientSessionsQuery, next: ClientSessionsQuery): ClientSessionsQuery {
  const [shown, more] = [sessionsOf(before), sessionsOf(next)];
  if (shown === undefined || more === undefined || before.node == null) return before;
  const sessions = { ...more, nodes: [...shown.nodes, ...more.nodes] };
  return { ...before, node: { ...before.node, sessions } as Client };
}
