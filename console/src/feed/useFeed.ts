import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { follow, type Follower } from './follow';

/**
 * Follows a feed while the component is there. `key` says what it is of: another key is another
 * feed. The variables are asked for at every subscription.
 */
export function useFeed<D, V extends OperationVariables>(
  key: string,
  document: TypedDocumentNode<D, V>,
  variables: () => V,
  follower: Follower<D>,
): void {
  const client = useApolloClient();
  const latest = useRef({ variables, follower });
  useEffect(() => {
    latest.current = { variables, follower };
  });
  useEffect(
    () =>
      follow(client, document, () => latest.current.variables(), {
        onData: (data) => {
          latest.current.follower.onData(data);
        },
        onResync: () => latest.current.follower.onResync?.(),
        onEnd: () => {
          latest.current.follower.onEnd?.();
        },
      }),
    [client, document, key],
  );
}
