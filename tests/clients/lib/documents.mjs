// @ts-check
// What is asked of the system.

import { gql } from '@apollo/client';

const ERRORS = 'userErrors { code field message }';

const COUNTERS = `
  id version workspaceBadge unreadSessions unassignedSessions queue
  liveChats { id name queueCount }
`;

const SESSION = `
  id version name state isNew unreadCount viewerReadSeq waitingSince closedAt
  operator { id name } client { id name isInternal } liveChat { id name } channel { id kind }
  preview { kind authorName text }
`;

const MESSAGE = `
  id seq kind text sentAt clientMessageId
  session { id } author { name } channel { id kind } event { kind from { id name } to { id name } }
`;

const CLIENT_MESSAGE = 'id seq text sentAt clientMessageId author { name viewerIsAuthor }';

export const VIEWER = gql`query Viewer {
  viewer { id employee { id name presence } counters { ${COUNTERS} } liveChats { id name viewerRoles } }
}`;

export const LIVE_CHAT = gql`query LiveChat($id: ID!, $group: SessionGroup!) {
  viewer { id liveChat(id: $id) {
    id name operators { employee { id name presence } openSessions }
    sessions(group: $group, first: 100) { nodes { ${SESSION} } pageInfo { hasNextPage } }
  } }
}`;

export const QUEUES = gql`
  query Queues {
    viewer {
      id
      liveChats {
        id
        sessions(group: QUEUE, first: 100) {
          nodes {
            id
            name
          }
        }
      }
    }
  }
`;

export const DIALOG = gql`query Dialog($id: ID!) {
  viewer { id session(id: $id) {
    ${SESSION} messages(last: 100) { nodes { ${MESSAGE} } pageInfo { hasPreviousPage } }
  } }
}`;

export const NODE = gql`
  query Node($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`;

export const INTERNAL_LIVE_CHATS = gql`
  query InternalLiveChats {
    viewer {
      id
      internalLiveChats {
        id
        name
      }
    }
  }
`;

export const CONVERSATION = gql`query Conversation($liveChatId: ID) {
  conversation(liveChatId: $liveChatId) {
    id liveChat { id name } messages(last: 100) { nodes { ${CLIENT_MESSAGE} } }
  }
}`;

export const SET_PRESENCE = gql`mutation SetPresence($presence: Presence!) {
  setPresence(presence: $presence) { employee { id name presence } ${ERRORS} }
}`;

export const CLAIM = gql`mutation Claim($id: ID!) {
  claimSession(sessionId: $id) { session { ${SESSION} } claimedBy { id name } ${ERRORS} }
}`;

export const CLAIM_NEXT = gql`mutation ClaimNext($liveChatId: ID) {
  claimNextSession(liveChatId: $liveChatId) { session { ${SESSION} } ${ERRORS} }
}`;

export const SEND = gql`mutation Send($id: ID!, $text: String!, $key: String!, $upTo: Int) {
  sendMessage(sessionId: $id, text: $text, clientMessageId: $key, readUpToSeq: $upTo) {
    message { ${MESSAGE} } session { ${SESSION} } claimedBy { id name } ${ERRORS}
  }
}`;

export const MARK_READ = gql`mutation MarkRead($id: ID!, $upTo: Int!) {
  markSessionRead(sessionId: $id, upToSeq: $upTo) { session { ${SESSION} } ${ERRORS} }
}`;

export const ASSIGN = gql`mutation Assign($id: ID!, $to: ID!, $comment: String) {
  assignSession(sessionId: $id, employeeId: $to, comment: $comment) {
    session { ${SESSION} } ${ERRORS}
  }
}`;

export const RETURN = gql`mutation Return($id: ID!, $comment: String) {
  returnSession(sessionId: $id, comment: $comment) { session { ${SESSION} } ${ERRORS} }
}`;

export const CLOSE = gql`mutation Close($id: ID!, $lastSeq: Int) {
  closeSession(sessionId: $id, lastSeq: $lastSeq) { session { ${SESSION} } ${ERRORS} }
}`;

export const POST = gql`mutation Post($liveChatId: ID, $text: String!, $key: String!) {
  postMessage(liveChatId: $liveChatId, text: $text, clientMessageId: $key) {
    message { ${CLIENT_MESSAGE} } ${ERRORS}
  }
}`;

const CHANNEL = 'id address canReply inboundPath problem { code message }';

export const CREATE_CHANNEL = gql`
  mutation CreateChannel($id: ID!, $kind: ChannelKind!, $settings: ChannelSettingsInput) {
    createChannel(liveChatId: $id, kind: $kind, name: "Messenger", settings: $settings) {
      channel { ${CHANNEL} } secret ${ERRORS}
    }
  }
`;

export const ROTATE_SECRET = gql`mutation RotateSecret($id: ID!) {
  rotateChannelSecret(channelId: $id) { channel { ${CHANNEL} } secret ${ERRORS} }
}`;

export const ANSWER = gql`
  mutation Answer($id: ID!, $text: String!, $key: String!, $quoted: ID) {
    sendMessage(sessionId: $id, text: $text, clientMessageId: $key, replyToId: $quoted) {
      message { id seq } ${ERRORS}
    }
  }
`;

const ENTRY = `
  id seq kind text clientMessageId replyTo { id seq }
  delivery { state error { code message } } event { kind aboutSeq text }
  attachments { name state }
`;

// Without the session of an entry, which a cache would merge with the whole one.
export const ANSWERS = gql`query Answers($id: ID!) {
  viewer { id session(id: $id) {
    id name client { id name contacts { kind value } }
    messages(last: 100) { nodes { ${ENTRY} } }
  } }
}`;

export const ON_COUNTERS = gql`subscription OnCounters { counters { ${COUNTERS} } }`;

export const ON_SESSIONS = gql`subscription OnSessions($liveChatId: ID) {
  sessions(liveChatId: $liveChatId) {
    kind version removedId session { ${SESSION} } by { __typename name }
  }
}`;

export const ON_ALERTS = gql`subscription OnAlerts {
  alerts { id kind at session { ${SESSION} } message { id seq text } }
}`;

export const ON_PRESENCE = gql`
  subscription OnPresence {
    presence {
      id
      name
      presence
    }
  }
`;

// For the stock client, which takes texts.
export const ON_MESSAGES = `subscription OnMessages($id: ID!, $afterSeq: Int) {
  messages(sessionId: $id, afterSeq: $afterSeq) { ${MESSAGE} }
}`;

export const ON_CONVERSATION = `subscription OnConversation($liveChatId: ID, $afterSeq: Int) {
  conversationMessages(liveChatId: $liveChatId, afterSeq: $afterSeq) { ${CLIENT_MESSAGE} }
}`;

export const ON_COUNTERS_TEXT = 'subscription { counters { id version workspaceBadge } }';
