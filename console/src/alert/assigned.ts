import type { ApolloClient } from '@apollo/client';
import { graphql } from '../generated';
import type { AssignmentQuery } from '../generated/graphql';

/** The last entries of a session: its assignment is among them. */
const ASSIGNMENT = graphql(`
  query Assignment($sessionId: ID!) {
    viewer {
      id
      session(id: $sessionId) {
        id
        version
        messages(last: 10) {
          nodes {
            id
            kind
            text
            author {
              name
            }
            event {
              kind
            }
          }
        }
      }
    }
  }
`);

type Node = NonNullable<AssignmentQuery['viewer']['session']>['messages']['nodes'][number];

/** The author of an assignment, and their comment. */
export interface Assignment {
  by: string;
  comment: string | undefined;
}

/** The last assignment among entries; its comment is the note that was left with it. */
export function assignmentOf(
  nodes: readonly Pick<Node, 'kind' | 'text' | 'author' | 'event'>[],
): Assignment | undefined {
  const at = nodes.findLastIndex(({ event }) => event?.kind === 'ASSIGNED');
  const [entry, next] = [nodes[at], nodes[at + 1]];
  if (entry === undefined) return undefined;
  const isComment = next?.kind === 'NOTE' && next.author.name === entry.author.name;
  return { by: entry.author.name, comment: isComment ? next.text : undefined };
}

// So long an alert waits for it at most, in milliseconds.
const PATIENCE = 2_000;

/** Reads how a session came to me; `undefined` where that is not to be had soon. */
export async function readAssignment(
  client: ApolloClient,
  sessionId: string,
): Promise<Assignment | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, PATIENCE);
  });
  const read = client
    .query({ query: ASSIGNMENT, variables: { sessionId }, fetchPolicy: 'no-cache' })
    .then(({ data }) => assignmentOf(data?.viewer.session?.messages.nodes ?? []))
    .catch(() => undefined);
  return Promise.race([read, late]);
}
