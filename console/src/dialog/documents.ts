import { graphql } from '../generated';

/** All of an entry that is shown, however it comes: in a page, by the feed, or as an answer. */
export const ENTRY = graphql(`
  fragment Entry_message on Message {
    id
    seq
    kind
    text
    sentAt
    clientMessageId
    session {
      id
      version
      name
      firstMessageAt
    }
    author {
      name
      ... on Employee {
        id
      }
      ... on Client {
        id
      }
    }
    channel {
      id
      kind
      name
    }
    delivery {
      state
      at
      error {
        code
        message
        isRetryable
      }
    }
    replyTo {
      id
      seq
      kind
      text
      author {
        name
        ... on Employee {
          id
        }
        ... on Client {
          id
        }
      }
    }
    attachments {
      id
      name
      contentType
      size
      width
      height
      state
      url
      thumbnailUrl
    }
    event {
      kind
      from {
        id
        name
      }
      to {
        id
        name
      }
      name
      item {
        id
        title
        app {
          id
          name
        }
      }
      aboutSeq
      text
    }
  }
`);

/** The entries of a dialog in the cache. */
export const ENTRIES = graphql(`
  fragment DialogEntries_session on Session {
    id
    version
    messages(last: 50) {
      edges {
        cursor
        node {
          id
          seq
          ...Entry_message @unmask
        }
      }
    }
  }
`);

/** The `seq` of the entries of a dialog in the cache. */
export const NUMBERS = graphql(`
  fragment DialogNumbers_session on Session {
    id
    version
    messages(last: 50) {
      edges {
        cursor
        node {
          id
          seq
        }
      }
    }
  }
`);

/** A part of a dialog; the cache joins it to what it has. */
export const PAGE = graphql(`
  query DialogPage(
    $id: ID!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $aroundSeq: Int
  ) {
    viewer {
      id
      session(id: $id) {
        id
        version
        messages(
          first: $first
          after: $after
          last: $last
          before: $before
          aroundSeq: $aroundSeq
        ) {
          edges {
            cursor
            node {
              id
              seq
              ...Entry_message
            }
          }
        }
      }
    }
  }
`);

/** The events of a dialog after an entry, and who is typing. */
export const DIALOG_FEED = graphql(`
  subscription DialogFeed($sessionId: ID!, $afterSeq: Int) {
    dialog(sessionId: $sessionId, afterSeq: $afterSeq) {
      ... on Message {
        id
        seq
        author {
          name
        }
        delivery {
          state
          error {
            code
          }
        }
        ...Entry_message
      }
      ... on Typing {
        actor {
          name
          ... on Client {
            id
          }
          ... on Employee {
            id
          }
        }
        until
      }
    }
  }
`);
