import type { TypePolicies } from '@apollo/client';
import { graphql } from '../generated';

/** The fields that decide the place of a session, beside those that its row shows. */
export const PLACED = graphql(`
  fragment PlacedSession on Session {
    id
    version
    state
    unreadCount
    openedAt
    lastMessageAt
    waitingSince
    closedAt
    liveChat {
      id
    }
    operator {
      id
    }
  }
`);

/** A page of a list. */
export const PAGE = graphql(`
  fragment SessionsPage on SessionConnection {
    nodes {
      id
      ...PlacedSession @unmask
      ...SessionRow_session
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
`);

/** The first pages of the lists that are open, with the main page. */
export const FIRST_PAGES = graphql(`
  fragment Lists_pages on Viewer {
    employee {
      id
    }
    liveChats {
      id
      viewerRoles
      active: sessions(group: ACTIVE, filter: $filter, first: 30) @include(if: $active) {
        ...SessionsPage @unmask
      }
      queue: sessions(group: QUEUE, filter: $filter, first: 30) @include(if: $queue) {
        ...SessionsPage @unmask
      }
      my: sessions(group: MY, filter: $filter, first: 30) @include(if: $my) {
        ...SessionsPage @unmask
      }
      closed: sessions(group: CLOSED, filter: $filter, first: 30) @include(if: $closed) {
        ...SessionsPage @unmask
      }
    }
  }
`);

export const SESSIONS = graphql(`
  query Sessions(
    $liveChatId: ID!
    $group: SessionGroup!
    $filter: SessionFilter
    $first: Int!
    $after: String
  ) {
    viewer {
      id
      liveChat(id: $liveChatId) {
        id
        sessions(group: $group, filter: $filter, first: $first, after: $after) {
          ...SessionsPage @unmask
        }
      }
    }
  }
`);

/**
 * Of a list the cache keeps what came last. Its order stands in the `ListStore`: each push moves
 * something in it, and reading ten thousand lines through the cache each time would be felt.
 */
export const LIST_POLICIES: TypePolicies = {
  LiveChat: {
    fields: {
      sessions: {
        keyArgs: ['group'],
        merge: (_: unknown, incoming: unknown) => incoming,
      },
    },
  },
};
