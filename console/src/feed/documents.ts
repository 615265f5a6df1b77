import { graphql } from '../generated';

/**
 * All that the whole page follows. The cache takes the presence of colleagues, my counters (with the
 * counts of their live chats) and what sessions are; listeners take the changes, then the alerts.
 */
export const DESK_FEED = graphql(`
  subscription DeskFeed {
    desk {
      presence {
        id
        name
        presence
      }
      counters {
        ...CountersFacts
      }
      changes {
        kind
        removedId
        version
        heldBy {
          id
          name
        }
        session {
          id
          ...SessionFacts
          ...PlacedSession @unmask
        }
      }
      alerts {
        id
        kind
        at
        session {
          id
          version
          name
          liveChat {
            id
            name
          }
        }
        message {
          id
          text
        }
      }
    }
  }
`);
