import type { FieldFunctionOptions, Reference, TypePolicies } from '@apollo/client';

interface StoredEdge {
  __typename: 'MessageEdge';
  /** Empty of what did not come in a page. */
  cursor: string;
  node: Reference;
}

export interface StoredMessages {
  __typename: 'MessageConnection';
  edges: readonly StoredEdge[];
}

/** Joins what came to what is there, each entry once: every page, and what the feed brings. */
export function joinMessages(
  existing: StoredMessages | undefined,
  incoming: StoredMessages,
): StoredMessages {
  const edges = new Map(existing?.edges.map((edge) => [edge.node.__ref, edge]));
  for (const edge of incoming.edges) {
    const { __ref: id } = edge.node;
    if (edge.cursor !== '' || !edges.has(id)) edges.set(id, edge);
  }
  return { ...existing, ...incoming, edges: [...edges.values()] };
}

/**
 * In order of their numbers. This is for whoever reads: while an answer is written, the numbers of
 * what it brings are not yet there.
 */
function ordered(
  { edges, ...connection }: StoredMessages,
  readField: FieldFunctionOptions['readField'],
): StoredMessages {
  const seqOf = ({ node }: StoredEdge) => readField<number>('seq', node) ?? 0;
  const numbered = edges.map((edge) => ({ edge, seq: seqOf(edge) }));
  numbered.sort((one, other) => one.seq - other.seq);
  return { ...connection, edges: numbered.map(({ edge }) => edge) };
}

interface StoredDelivery {
  state: string;
  at: string;
}

// Of two states at one time, the later one has the greater number.
const ORDER: Partial<Record<string, number>> = { PENDING: 0, SENT: 1, DELIVERED: 2, READ: 3 };
const orderOf = ({ state }: StoredDelivery) => ORDER[state] ?? 1;

/** Keeps the later state of a delivery: an answer and a push may overtake each other. */
export function laterDelivery<Delivery extends StoredDelivery>(
  existing: Delivery | null | undefined,
  incoming: Delivery | null,
): Delivery | null {
  if (existing == null || incoming === null) return incoming;
  const passed = Date.parse(incoming.at) - Date.parse(existing.at);
  if (passed === 0) return orderOf(existing) > orderOf(incoming) ? existing : incoming;
  return passed < 0 ? existing : incoming;
}

export const DIALOG_POLICIES: TypePolicies = {
  Session: {
    fields: {
      // One sequence, whatever part of it was asked for.
      messages: {
        keyArgs: false,
        merge: joinMessages,
        read: (existing: StoredMessages | undefined, { readField }) =>
          existing && ordered(existing, readField),
      },
    },
  },
  // An author has an id or not, depending on who asks: nothing that is known of them is lost.
  Message: { fields: { author: { merge: true }, delivery: { merge: laterDelivery } } },
  // The feed brings one thing after the other.
  Subscription: { fields: { dialog: { merge: (_: unknown, incoming: unknown) => incoming } } },
};
