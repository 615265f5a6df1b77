import { graphql } from '../generated';

/** The numbers of the badges. `queueCount` is selected only here, where it has a version. */
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
