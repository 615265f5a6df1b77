import { graphql } from '../generated';

/** My counters: they land on `viewer.counters`, and their live chats' counts on the live chats. */
export const COUNTERS_FEED = graphql(`
  subscription CountersFeed {
    counters {
      ...CountersFacts
    }
  }
`);

/** Changes of the sessions in my sight: the cache takes what they are, lists where they stand. */
export const SESSIONS_FEED = graphql(`
  subscription SessionsFeed {
    sessions {
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
  }
`);

export const ALERTS_FEED = graphql(`
  subscription AlertsFeed {
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
`);

/** Colleagues come and go: they land on every employee that is shown. */
export const PRESENCE_FEED = graphql(`
  subscription PresenceFeed {
    presence {
      id
      name
      presence
    }
  }
`);
