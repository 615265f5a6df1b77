import { graphql } from '../generated';

/** What of a session decides where it stands, beside what its row shows. */
export const PLACED = graphql(`
  fragment PlacedSession on Session {
    id
    version
    state
    unreadCount
    firstMessageAt
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
      }
    }
  }
`);
