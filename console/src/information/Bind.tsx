import type { ApolloClient } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Fault } from '../error/Fault';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type { BindItemMutation, CreateAndBindItemMutation, ItemsQuery } from '../generated/graphql';
import { useText } from '../language/language';
import { isSameTitle } from './title';

const ITEMS = graphql(`
  query Items($appId: ID!, $query: String!, $first: Int!, $after: String) {
    node(id: $appId) {
      id
      ... on App {
        items(query: $query, first: $first, after: $after) {
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
type Item = ItemPage['nodes'][number];

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
  const items = useItems(app.id, query);
  const [bind, isBinding] = useAct(BIND, boundBy);
  const [there, setThere] = useState<Item>();
  const [create, isCreating] = useCreation(sessionId, app.id, setThere);
  const title = written.trim();
  // Before that it is not known what there is.
  const isSettled = title === query && !items.loading && items.error === undefined;
  const shown = items.page?.nodes ?? [];
  const later = there === undefined || shown.some(({ id }) => id === there.id) ? [] : [there];
  const same = [...later, ...shown].filter((item) => isSameTitle(item.title, title));
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
        items={items}
        isSettled={isSettled}
        first={same}
        bound={bound}
        disabled={isBinding || isCreating}
        pick={(itemId) => void bind({ sessionId, itemId }).then(done)}
      />
      {title !== '' && isSettled && same.length === 0 && (
        <Button
          variant="light"
          loading={isCreating}
          disabled={isBinding}
          onClick={() => void create(title, key).then(done)}
        >
          {text('information.create', { title })}
        </Button>
      )}
    </Stack>
  );
}

/** The items that match. */
function useItems(appId: string, query: string) {
  const { data, error, refetch, fetchMore, loading } = useQuery(ITEMS, {
    variables: { appId, query, first: 20 },
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const page = itemsOf(data);
  const more = () =>
    fetchMore({
      variables: { after: page?.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult }) => joined(before, fetchMoreResult),
    });
  return { page, error, loading, refetch, more };
}

// So many pages are read before something is made new: who has more finds it by another word.
const MOST_PAGES = 20;

/** An item that is called exactly that, on whatever page it stands. */
async function existing(client: ApolloClient, appId: string, title: string) {
  let after: string | null | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { data } = await client.query({
      query: ITEMS,
      variables: { appId, query: title, first: 100, after },
      fetchPolicy: 'no-cache',
    });
    const page = itemsOf(data);
    const found = page?.nodes.find((item) => isSameTitle(item.title, title));
    if (found !== undefined || page?.pageInfo.hasNextPage !== true) return found;
    after = page.pageInfo.endCursor;
  }
  return undefined;
}

/** Makes an item and binds it, unless there is one of that title: then that is offered instead. */
function useCreation(sessionId: string, appId: string, found: (item: Item) => void) {
  const client = useApolloClient();
  const [create, isCreating] = useAct(CREATE_AND_BIND, createdBy);
  const [isSeeking, setSeeking] = useState(false);
  const make = async (title: string, key: string) => {
    setSeeking(true);
    // If the search fails, the mutation itself reports the cause.
    const item = await existing(client, appId, title).catch(() => undefined);
    setSeeking(false);
    if (item === undefined) return create({ sessionId, appId, title, key });
    found(item);
    return undefined;
  };
  return [make, isCreating || isSeeking] as const;
}

interface FoundProps {
  items: ReturnType<typeof useItems>;
  /** True if the items are those for the text that is typed now. */
  isSettled: boolean;
  /** Those that are called exactly that. */
  first: ItemPage['nodes'];
  bound: readonly string[];
  disabled: boolean;
  pick: (itemId: string) => void;
}

function Found({ items, isSettled, first, bound, disabled, pick }: FoundProps) {
  const text = useText();
  const { page, error, loading, refetch, more } = items;
  if (error !== undefined) return <Fault error={error} retry={refetch} />;
  if (page === undefined) return <Skeleton h={36} aria-busy />;
  const nodes = [...first, ...page.nodes.filter((item) => !first.includes(item))];
  return (
    <Stack
      gap={2}
      component="ul"
      aria-label={text('information.found')}
      aria-busy={!isSettled}
      m={0}
      p={0}
      mah={260}
      style={{ listStyle: 'none', overflowY: 'auto' }}
    >
      {nodes.map(({ id, title }) => (
        <li key={id}>
          <Button
            fullWidth
            justify="space-between"
            variant={first.some((item) => item.id === id) ? 'light' : 'subtle'}
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
      {nodes.length === 0 && !page.pageInfo.hasNextPage && (
        <li>
          <Text size="sm" c="dimmed" role="status">
            {text(isSettled ? 'information.noneFound' : 'information.looking')}
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
