import type { ApolloClient } from '@apollo/client';
import { graphql } from '../generated';

const SESSION_CHANNEL = graphql(`
  query SessionChannel($sessionId: ID!) {
    viewer {
      id
      session(id: $sessionId) {
        id
        version
        channel {
          id
          canReply
          isEnabled
          problem {
            code
            message
            since
          }
        }
      }
    }
  }
`);

/** Reads into the cache what has become of a session's channel, of which no push tells. */
export async function readChannel(client: ApolloClient, sessionId: string): Promise<void> {
  const query = { query: SESSION_CHANNEL, variables: { sessionId } };
  await client.query({ ...query, fetchPolicy: 'network-only' });
}
