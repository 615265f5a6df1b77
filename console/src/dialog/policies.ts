import type { FieldFunctionOptions, Reference, TypePolicies } from '@apollo/client';
import { joined } from './run';

export interface StoredEdge {
  __typename: 'MessageEdge';
  cursor: string;
  node: Reference;
}

export interface StoredMessages {
  __typename: 'MessageConnection';
  edges: readonly StoredEdge[];
}

type ReadField = FieldFunctionOptions['readField'];

/** Joins what came to what is there: every page of a dialog, and what the feed brings. */
export function joinMessages(
  existing: StoredMessages | undefined,
  incoming: StoredMessages,
  readField: ReadField,
): StoredMessages {
  const edges = joined(
    existing?.edges ?? [],
    incoming.edges,
    ({ node }) => readField<number>('seq', node) ?? 0,
    (our, their) => (their.cursor === '' ? our : their),
  );
  return { ...existing, ...incoming, edges };
}

export const DIALOG_POLICIES: TypePolicies = {
  Session: {
    fields: {
      // One sequence, whatever part of it was asked for.
      messages: {
        keyArgs: false,
        merge: (existing: StoredMessages | undefined, incoming: StoredMessages, { readField }) =>
          joinMessages(existing, incoming, readField),
      },
    },
  },
  // An author has an id or not, depending on who asks: nothing that is known of them is lost.
  Message: { fields: { author: { merge: true } } },
  // The feed brings one thing after the other.
  Subscription: { fields: { dialog: { merge: (_: unknown, incoming: unknown) => incoming } } },
};
