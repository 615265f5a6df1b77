// @ts-check
// Apollo Client as a page has it: HTTP for queries and mutations, graphql-ws for subscriptions, one
// normalised cache.

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';

import { DEADLINE_MS } from './expect.mjs';
import { Inbox } from './inbox.mjs';

/** @typedef {import('graphql').DocumentNode} DocumentNode */

export class Desk {
  /** @type {Map<string, number>} how many requests each operation made over HTTP */
  requests = new Map();

  /**
   * @param {string} origin of the system
   * @param {string} name of the person, for messages
   * @param {string} token
   * @param {import('./socket.mjs').Line} line
   */
  constructor(origin, name, token, line) {
    this.name = name;
    const counting = new ApolloLink((operation, forward) => {
      const of = operation.operationName ?? '';
      this.requests.set(of, (this.requests.get(of) ?? 0) + 1);
      return forward(operation);
    });
    const http = new HttpLink({
      uri: `${origin}/graphql`,
      headers: { authorization: `Bearer ${token}` },
      fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) }),
    });
    this.apollo = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        new GraphQLWsLink(line.client),
        ApolloLink.from([counting, http]),
      ),
    });
  }

  /**
   * The answer of a query, from the server.
   * @param {DocumentNode} query
   * @param {Record<string, unknown>} [variables]
   * @returns {Promise<any>}
   */
  async read(query, variables) {
    const { data } = await this.apollo.query({ query, variables, fetchPolicy: 'network-only' });
    return data;
  }

  /**
   * The payload of a mutation's one field.
   * @param {DocumentNode} mutation
   * @param {Record<string, unknown>} [variables]
   * @returns {Promise<any>}
   */
  async act(mutation, variables) {
    const { data } = await this.apollo.mutate({ mutation, variables });
    return Object.values(/** @type {object} */ (data))[0];
  }

  /**
   * What a subscription's one field brings. The values go into the cache as well.
   * @param {string} field for messages
   * @param {DocumentNode} query
   * @param {Record<string, unknown>} [variables]
   * @returns {Inbox<any>}
   */
  listen(field, query, variables) {
    const inbox = new Inbox(`${this.name}'s ${field}`);
    this.apollo.subscribe({ query, variables }).subscribe({
      next: ({ data, error }) =>
        error ? inbox.fail(error) : inbox.put(Object.values(/** @type {object} */ (data))[0]),
      error: (error) => inbox.fail(error),
      complete: () => inbox.end(),
    });
    return inbox;
  }
}
