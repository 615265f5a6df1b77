import type { ApolloCache, ApolloClient } from '@apollo/client';
import { NUMBERS, PAGE } from './documents';
import { joinMessages, type StoredMessages } from './policies';
import { between, runAround, type Part } from './run';

/** An entry that came alone, and that the cache has taken. */
export interface Arrived {
  id: string;
  seq: number;
}

/** Reads a part of a dialog into the cache, and returns the numbers of its entries. */
export async function readPart(client: ApolloClient, id: string, part: Part): Promise<number[]> {
  const variables = { id, ...part };
  const answer = await client.query({ query: PAGE, variables, fetchPolicy: 'network-only' });
  return answer.data?.viewer.session?.messages.edges.map(({ node }) => node.seq) ?? [];
}

/** The number of the last entry that the cache has of a dialog; 0 without any. */
export function lastSeq(cache: ApolloCache, sessionId: string): number {
  const kept = cache.readFragment({
    id: cache.identify({ __typename: 'Session', id: sessionId }) ?? '',
    fragment: NUMBERS,
    fragmentName: 'DialogNumbers_session',
  });
  return runAround(kept?.messages.edges.map(({ node }) => node) ?? []).at(-1)?.seq ?? 0;
}

/** The time in milliseconds that the feed has to bring the entries before an answer. */
const PATIENCE = 5_000;
const PAUSE = 50;

/** Waits until the feed has brought the entries up to a number, as it does in a moment. */
export async function pushed(cache: ApolloCache, sessionId: string, seq: number): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (lastSeq(cache, sessionId) < seq && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/**
 * Puts an entry at its place in a dialog that was read. Where entries are missing before it they
 * are read first, so that nobody sees a hole.
 */
export async function take(
  client: ApolloClient,
  sessionId: string,
  arrived: Arrived,
): Promise<void> {
  const last = lastSeq(client.cache, sessionId);
  if (last === 0) return;
  try {
    if (arrived.seq > last + 1) await readPart(client, sessionId, between(last, arrived.seq));
  } finally {
    // Without what is missing it is shown all the same: what is before it is read by scrolling.
    place(client.cache, sessionId, arrived);
  }
}

function place(cache: ApolloCache, sessionId: string, { id }: Arrived): void {
  const session = cache.identify({ __typename: 'Session', id: sessionId });
  if (session === undefined) return;
  cache.modify<{ messages: StoredMessages }>({
    id: session,
    fields: {
      messages: (existing, { toReference }) => {
        const node = toReference({ __typename: 'Message', id });
        const kept = existing as StoredMessages;
        if (node === undefined) return kept;
        const edges = [{ __typename: 'MessageEdge' as const, cursor: '', node }];
        return joinMessages(kept, { ...kept, edges });
      },
    },
  });
}
