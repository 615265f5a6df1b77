import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { pause } from '../apollo/pause';
import { codeOf } from '../error/code';

/** The reactions to a feed. */
export interface Follower<D> {
  onData: (data: D) => void;
  /** The feed cannot go on without a loss: read again. Then it is subscribed again. */
  onResync?: () => unknown;
  /** The feed is over: what it is of may be seen no more. */
  onEnd?: () => void;
}

// Asking again would be answered the same.
const FINAL = ['FORBIDDEN', 'BAD_USER_INPUT', 'TOO_COMPLEX'];

/**
 * Follows a feed until it is stopped or over. A socket that comes back is not noticed here:
 * the client subscribes again with its old variables. After a fault they are asked for again.
 */
export function follow<D, V extends OperationVariables>(
  client: ApolloClient,
  document: TypedDocumentNode<D, V>,
  variables: () => V,
  follower: Follower<D>,
  wait: (tries: number) => Promise<void> = pause,
): () => void {
  let stopped = false;
  let tries = 0;
  let stop = () => {
    // Nothing is subscribed yet.
  };
  const again = async (error: unknown) => {
    const code = codeOf(error);
    if (code !== undefined && FINAL.includes(code)) {
      follower.onEnd?.();
      return;
    }
    // The first RESYNC is followed at once; whatever comes again and again has to wait.
    if (code !== 'RESYNC' || tries > 0) await wait(tries);
    tries += 1;
    if (stopped) return;
    if (code === 'RESYNC') await follower.onResync?.();
    start();
  };
  const start = () => {
    if (stopped) return;
    // After a push that could not be made, the subscription still runs.
    stop();
    let failed = false;
    const subscription = client
      .subscribe<D, V>({ query: document, variables: variables() })
      .subscribe({
        next: ({ data, error }) => {
          if (error !== undefined) {
            failed = true;
            void again(error);
          } else if (data !== undefined && data !== null) {
            tries = 0;
            follower.onData(data);
          }
        },
        complete: () => {
          if (!failed && !stopped) follower.onEnd?.();
        },
      });
    stop = () => {
      subscription.unsubscribe();
    };
  };
  start();
  return () => {
    stopped = true;
    stop();
  };
}
