import type { ApolloClient } from '@apollo/client';
import { graphql } from '../generated';
import { sessionPath } from '../session/path';

/** A piece of what is shown; pieces joined are the whole. */
export interface Part {
  text: string;
  isMatch: boolean;
}

/** Something that was found, and where it is. */
export interface Hit {
  path: string;
  parts: readonly Part[];
  /** Beside the hit: whose it is, or where. */
  of: string;
  at: string;
}

/** Some hits, newest first. It may have none and still not be the last. */
export interface Page {
  hits: readonly Hit[];
  /** With a session open, its name, if the name matches. */
  name?: readonly Part[];
  next: string | null;
}

/** Reads the hits after a place that an earlier page gave. */
export type ReadPage = (query: string, after: string | null) => Promise<Page>;

const SEARCH_SESSIONS = graphql(`
  query SearchSessions($query: String!, $after: String) {
    viewer {
      id
      searchSessions(query: $query, first: 20, after: $after) {
        edges {
          nameParts {
            text
            isMatch
          }
          node {
            id
            version
            lastMessageAt
            liveChat {
              id
              name
            }
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`);

const SEARCH_MESSAGES = graphql(`
  query SearchMessages($sessionId: ID!, $query: String!, $after: String) {
    viewer {
      id
      session(id: $sessionId) {
        id
        version
        searchMessages(query: $query, first: 20, after: $after) {
          nameParts {
            text
            isMatch
          }
          edges {
            textParts {
              text
              isMatch
            }
            node {
              id
              seq
              sentAt
              author {
                name
              }
            }
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

const next = (pageInfo: { endCursor?: string | null; hasNextPage: boolean }) =>
  pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;

/** Returns the search of the field: in the open dialog, or in the names of all sessions. */
export function reader(client: ApolloClient, sessionId: string | undefined): ReadPage {
  return sessionId === undefined ? sessions(client) : messages(client, sessionId);
}

function sessions(client: ApolloClient): ReadPage {
  return async (query, after) => {
    const { data } = await client.query({
      query: SEARCH_SESSIONS,
      variables: { query, after },
      fetchPolicy: 'no-cache',
    });
    const found = data?.viewer.searchSessions;
    if (found === undefined) return { hits: [], next: null };
    const hits = found.edges.map(({ nameParts, node }) => ({
      path: sessionPath(node.id),
      parts: nameParts,
      of: node.liveChat.name,
      at: node.lastMessageAt,
    }));
    return { hits, next: next(found.pageInfo) };
  };
}

function messages(client: ApolloClient, sessionId: string): ReadPage {
  return async (query, after) => {
    const { data } = await client.query({
      query: SEARCH_MESSAGES,
      variables: { sessionId, query, after },
      fetchPolicy: 'no-cache',
    });
    const found = data?.viewer.session?.searchMessages;
    if (found === undefined) return { hits: [], next: null };
    const hits = found.edges.map(({ textParts, node }) => ({
      path: `${sessionPath(sessionId)}?seq=${String(node.seq)}`,
      parts: textParts,
      of: node.author.name,
      at: node.sentAt,
    }));
    const name = found.nameParts.some(({ isMatch }) => isMatch) ? { name: found.nameParts } : {};
    return { hits, ...name, next: next(found.pageInfo) };
  };
}
