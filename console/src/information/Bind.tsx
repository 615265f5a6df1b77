import { useQuery } from '@apollo/client/react';
import { Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Fault } from '../error/Fault';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type { BindItemMutation, CreateAndBindItemMutation, ItemsQuery } from '../generated/graphql';
import { useText } from '../language/language';

const ITEMS = graphql(`
  query Items($appId: ID!, $query: String!, $after: String) {
    node(id: $appId) {
      id
      ... on App {
        items(query: $query, first: 20, after: $after) {
          nodes {
            id
            title
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

const BIND = graphql(`
  mutation BindItem($sessionId: ID!, $itemId: ID!) {
    bindItem(sessionId: $sessionId, itemId: $itemId) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const CREATE_AND_BIND = graphql(`
  mutation CreateAndBindItem($sessionId: ID!, $appId: ID!, $title: String!, $key: String) {
    createAndBindItem(sessionId: $sessionId, appId: $appId, title: $title, idempotencyKey: $key) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const boundBy = (data: BindItemMutation) => data.bindItem;
const createdBy = (data: CreateAndBindItemMutation) => data.createAndBindItem;

type App = Extract<NonNullable<ItemsQuery['node']>, { __typename?: 'App' }>;
type ItemPage = App['items'];

interface Props {
  sessionId: string;
  app: { id: string; name: string };
  /** The ids of the items that the session is bound to already. */
  bound: readonly string[];
  close: () => void;
}

/** Finds an item of an app by typing, or makes a new one, and binds it. */
export function Bind({ sessionId, app, bound, close }: Props) {
  const text = useText();
  const [written, setWritten] = useState('');
  const [query] = useDebouncedValue(written.trim(), 200);
  const [bind, isBinding] = useAct(BIND, boundBy);
  const [create, isCreating] = useAct(CREATE_AND_BIND, createdBy);
  const title = written.trim();
  // One key for one act, however often the button is pressed; another title is another act.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const done = (payload: unknown) => {
    if (payload !== undefined) close();
  };
  return (
    <Stack gap="xs">
      <TextInput
        data-autofocus
        type="search"
        label={text('information.find')}
        maxLength={200}
        value={written}
        onChange={(event) => {
          setWritten(event.currentTarget.value);
          setKey(crypto.randomUUID());
        }}
      />
      <Found
        appId={app.id}
        query={query}
        bound={bound}
        disabled={isBinding || isCreating}
        pick={(itemId) => void bind({ sessionId, itemId }).then(done)}
      />
      {title !== '' && (
        <Button
          variant="light"
          loading={isCreating}
          disabled={isBinding}
          onClick={() => void create({ sessionId, appId: app.id, title, key }).then(done)}
        >
          {text('information.create', { title })}
        </Button>
      )}
    </Stack>
  );
}

interface FoundProps {
  appId: string;
  query: string;
  bound: readonly string[];
  disabled: boolean;
  pick: (itemId: string) => void;
}

function Found({ appId, query, bound, disabled, pick }: FoundProps) {
  const text = useText();
  const { data, error, refetch, fetchMore, loading } = useQuery(ITEMS, {
    variables: { appId, query },
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const page = itemsOf(data);
  if (error !== undefined) return <Fault error={error} retry={refetch} />;
  if (page === undefined) return <Skeleton h={36} aria-busy />;
  const more = () =>
    fetchMore({
      variables: { after: page.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult }) => joined(before, fetchMoreResult),
    });
  return (
    <Stack
      gap={2}
      component="ul"
      aria-label={text('information.found')}
      m={0}
      p={0}
      mah={260}
      style={{ listStyle: 'none', overflowY: 'auto' }}
    >
      {page.nodes.map(({ id, title }) => (
        <li key={id}>
          <Button
            fullWidth
            justify="space-between"
            variant="subtle"
            disabled={disabled || bound.includes(id)}
            onClick={() => {
              pick(id);
            }}
            rightSection={bound.includes(id) && text('information.boundAlready')}
          >
            <span dir="auto">{title}</span>
          </Button>
        </li>
      ))}
      {page.nodes.length === 0 && !page.pageInfo.hasNextPage && (
        <li>
          <Text size="sm" c="dimmed">
            {text('information.noneFound')}
          </Text>
        </li>
      )}
      {page.pageInfo.hasNextPage && (
        <li>
          <Button fullWidth variant="default" loading={loading} onClick={() => void more()}>
            {text('information.more')}
          </Button>
        </li>
      )}
    </Stack>
  );
}

function itemsOf(data: ItemsQuery | undefined): ItemPage | undefined {
  return data?.node != null && 'items' in data.node ? data.node.items : undefined;
}

/** Two pages as one. */
function joined(before: ItemsQuery, next: ItemsQuery): ItemsQuery {
  const [shown, more] = [itemsOf(before), itemsOf(next)];
  if (shown === undefined || more === undefined || before.node == null) return before;
  const items = { ...more, nodes: [...shown.nodes, ...more.nodes] };
  return { ...before, node: { ...before.node, items } as App };
}
