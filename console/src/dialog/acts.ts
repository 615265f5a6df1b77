import { graphql } from '../generated';
import type {
  ClaimSessionMutation,
  CloseSessionMutation,
  MarkSessionUnreadMutation,
  RetryDeliveryMutation,
  ReturnSessionMutation,
} from '../generated/graphql';

export const CLAIM = graphql(`
  mutation ClaimSession($sessionId: ID!) {
    claimSession(sessionId: $sessionId) {
      session {
        id
        ...SessionFacts
      }
      claimedBy {
        id
        name
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const RETURN = graphql(`
  mutation ReturnSession($sessionId: ID!, $comment: String) {
    returnSession(sessionId: $sessionId, comment: $comment) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const CLOSE = graphql(`
  mutation CloseSession($sessionId: ID!, $lastSeq: Int) {
    closeSession(sessionId: $sessionId, lastSeq: $lastSeq) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const MARK_READ = graphql(`
  mutation MarkSessionRead($sessionId: ID!, $upToSeq: Int!) {
    markSessionRead(sessionId: $sessionId, upToSeq: $upToSeq) {
      session {
        id
        version
        viewerReadSeq
        unreadCount
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const MARK_UNREAD = graphql(`
  mutation MarkSessionUnread($sessionId: ID!, $fromSeq: Int!) {
    markSessionUnread(sessionId: $sessionId, fromSeq: $fromSeq) {
      session {
        id
        version
        viewerReadSeq
        unreadCount
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const RETRY_DELIVERY = graphql(`
  mutation RetryDelivery($messageId: ID!) {
    retryDelivery(messageId: $messageId) {
      message {
        id
        delivery {
          state
          at
          error {
            code
            message
            isRetryable
          }
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const claimed = (data: ClaimSessionMutation) => data.claimSession;
export const returned = (data: ReturnSessionMutation) => data.returnSession;
export const retried = (data: RetryDeliveryMutation) => data.retryDelivery;
export const closed = (data: CloseSessionMutation) => data.closeSession;
export const markedUnread = (data: MarkSessionUnreadMutation) => data.markSessionUnread;
