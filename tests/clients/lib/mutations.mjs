// @ts-check
// The acts of the desk as plain texts, with as little in their answers as tells how they went.

import { ERRORS } from './person.mjs';

const SESSION = 'session { id version name state viewerReadSeq }';
const MESSAGE = 'message { id seq kind text }';

export const PRESENCE = `mutation ($presence: Presence!) {
  setPresence(presence: $presence) { employee { id presence } ${ERRORS} }
}`;

export const CLAIM = `mutation ($id: ID!) { claimSession(sessionId: $id) { ${SESSION} ${ERRORS} } }`;

export const SEND = `mutation ($id: ID!, $text: String!, $key: String!) {
  sendMessage(sessionId: $id, text: $text, clientMessageId: $key) { ${MESSAGE} ${SESSION} ${ERRORS} }
}`;

export const NOTE = `mutation ($id: ID!, $text: String!, $key: String!) {
  addNote(sessionId: $id, text: $text, clientMessageId: $key) { ${MESSAGE} ${SESSION} ${ERRORS} }
}`;

export const READ = `mutation ($id: ID!, $upTo: Int!) {
  markSessionRead(sessionId: $id, upToSeq: $upTo) { ${SESSION} ${ERRORS} }
}`;

export const UNREAD = `mutation ($id: ID!, $from: Int!) {
  markSessionUnread(sessionId: $id, fromSeq: $from) { ${SESSION} ${ERRORS} }
}`;

export const ASSIGN = `mutation ($id: ID!, $to: ID!, $comment: String) {
  assignSession(sessionId: $id, employeeId: $to, comment: $comment) { ${SESSION} ${ERRORS} }
}`;

export const RETURN = `mutation ($id: ID!, $comment: String) {
  returnSession(sessionId: $id, comment: $comment) { ${SESSION} ${ERRORS} }
}`;

export const CLOSE = `mutation ($id: ID!) { closeSession(sessionId: $id) { ${SESSION} ${ERRORS} } }`;

export const RENAME = `mutation ($id: ID!, $name: String!) {
  renameSession(sessionId: $id, name: $name) { ${SESSION} ${ERRORS} }
}`;

export const BIND = `mutation ($id: ID!, $item: ID!) {
  bindItem(sessionId: $id, itemId: $item) { ${SESSION} item { id title } ${ERRORS} }
}`;

export const CREATE_AND_BIND = `mutation ($id: ID!, $app: ID!, $title: String!, $key: String) {
  createAndBindItem(sessionId: $id, appId: $app, title: $title, idempotencyKey: $key) {
    ${SESSION} item { id title app { id } } ${ERRORS}
  }
}`;

export const UNBIND = `mutation ($id: ID!, $item: ID!) {
  unbindItem(sessionId: $id, itemId: $item) { ${SESSION} item { id title } ${ERRORS} }
}`;

export const POST = `mutation ($liveChatId: ID, $text: String!, $key: String!) {
  postMessage(liveChatId: $liveChatId, text: $text, clientMessageId: $key) {
    message { id seq text } ${ERRORS}
  }
}`;

export const TYPING = `mutation ($id: ID!) { setTyping(sessionId: $id) { ${ERRORS} } }`;

export const CONVERSATION_TYPING = `mutation ($liveChatId: ID) {
  setConversationTyping(liveChatId: $liveChatId) { ${ERRORS} }
}`;
