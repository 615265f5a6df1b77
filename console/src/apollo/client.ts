import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { from, switchMap } from 'rxjs';
import type { Config } from '../app/config';
import { timed } from '../clock/clock';
import { codeOf } from '../error/code';
import type { Identity } from '../sign-in/identity';
import { createCache } from './cache';
import { createConnection, type Connection } from './connection';
import { createSocket } from './socket';
import { mending } from './well-formed';

/** The service, as one who is signed in sees it. */
export interface Service {
  client: ApolloClient;
  connection: Connection;
}

export function createService(config: Config, identity: Identity): Service {
  const connection = createConnection();
  const socket = createSocket(config, identity, connection);
  const http = ApolloLink.from([
    renewing(identity),
    authorising(identity),
    new HttpLink({ uri: config.httpUrl, fetch: timed }),
  ]);
  const client = new ApolloClient({
    cache: createCache(),
    dataMasking: true,
    link: mending().split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      http,
    ),
  });
  return { client, connection };
}

function authorising(identity: Identity): ApolloLink {
  return new SetContextLink(async () => ({
    headers: { authorization: `Bearer ${await identity.token()}` },
  }));
}

/** Sends an operation once more, with another token, when the server did not take this one. */
function renewing(identity: Identity): ApolloLink {
  return new ErrorLink(({ error, operation, forward }) => {
    const refused =
      CombinedGraphQLErrors.is(error) &&
      ['TOKEN_EXPIRED', 'UNAUTHENTICATED'].includes(codeOf(error) ?? '');
    if (!refused) return;
    return from(identity.renew()).pipe(switchMap(() => forward(operation)));
  });
}
