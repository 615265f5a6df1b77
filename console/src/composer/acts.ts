import { graphql } from '../generated';
import type { GoOnlineMutation } from '../generated/graphql';

export const SEND = graphql(`
  mutation SendMessage(
    $sessionId: ID!
    $text: String!
    $clientMessageId: String!
    $replyToId: ID
    $readUpToSeq: Int
    $attachmentIds: [ID!]
  ) {
    sendMessage(
      sessionId: $sessionId
      text: $text
      clientMessageId: $clientMessageId
      replyToId: $replyToId
      readUpToSeq: $readUpToSeq
      attachmentIds: $attachmentIds
    ) {
      message {
        id
        seq
        ...Entry_message
      }
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

export const ADD_NOTE = graphql(`
  mutation AddNote(
    $sessionId: ID!
    $text: String!
    $clientMessageId: String!
    $attachmentIds: [ID!]
  ) {
    addNote(
      sessionId: $sessionId
      text: $text
      clientMessageId: $clientMessageId
      attachmentIds: $attachmentIds
    ) {
      message {
        id
        seq
        ...Entry_message
      }
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

export const SET_TYPING = graphql(`
  mutation SetTyping($sessionId: ID!) {
    setTyping(sessionId: $sessionId) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const GO_ONLINE = graphql(`
  mutation GoOnline {
    setPresence(presence: ONLINE) {
      employee {
        id
        presence
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const wentOnline = (data: GoOnlineMutation) => data.setPresence;

/** Ready answers with their variables filled in. */
export const TEMPLATES = graphql(`
  query ReadyAnswers($sessionId: ID!, $query: String!) {
    viewer {
      id
      session(id: $sessionId) {
        id
        version
        templates(query: $query, first: 20) {
          nodes {
            id
            title
            text
          }
        }
      }
    }
  }
`);
