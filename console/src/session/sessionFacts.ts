import { graphql } from '../generated';

/**
 * All of a session that is no list: what a push brings, so that nothing has to be asked for when
 * it changes. A component that shows some of it selects it in its own fragment.
 */
export const SESSION_FACTS = graphql(`
  fragment SessionFacts on Session {
    id
    version
    name
    state
    isNew
    unreadCount
    viewerReadSeq
    liveChat {
      id
      name
    }
    operator {
      id
      name
      presence
    }
    client {
      id
      name
      isInternal
      employee {
        id
        name
      }
      contacts {
        kind
        value
      }
    }
    channel {
      id
      kind
      name
      canReply
    }
    replyUntil
    firstMessageAt
    lastMessageAt
    waitingSince
    closedAt
    preview {
      kind
      authorName
      channel {
        id
        kind
        name
      }
      text
      sentAt
    }
    bindings {
      item {
        id
        title
        app {
          id
          name
        }
      }
      boundAt
      boundBy {
        id
        name
      }
    }
    viewerCanClaim
    viewerCanReply
    viewerCanNote
    viewerCanAssign
    viewerCanReturn
    viewerCanClose
    viewerCanRename
    viewerCanBind
  }
`);
