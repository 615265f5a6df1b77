import { graphql } from '../generated';

/** What the badges show. The counts of live chats are read here only, where they have a version. */
export const COUNTERS_FACTS = graphql(`
  fragment CountersFacts on Counters {
    id
    version
    workspaceBadge
    unreadSessions
    unassignedSessions
    queue
    liveChats {
      id
      queueCount
    }
  }
`);
