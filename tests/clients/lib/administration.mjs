// @ts-check
// The mutations of administrators as plain texts.

import { ERRORS } from './person.mjs';

export const LIVE_CHAT = 'liveChat { id name }';

export const CREATE_LIVE_CHAT = `mutation ($name: String!, $key: String) {
  createLiveChat(name: $name, idempotencyKey: $key) {
    liveChat { id name viewerRoles channels { id kind name } members { roles } apps { id } }
    ${ERRORS}
  }
}`;

export const RENAME_LIVE_CHAT = `mutation ($id: ID!, $name: String!) {
  renameLiveChat(liveChatId: $id, name: $name) { ${LIVE_CHAT} ${ERRORS} }
}`;

export const SET_TEMPLATE = `mutation ($id: ID!, $template: String!) {
  setSessionNameTemplate(liveChatId: $id, template: $template) { ${LIVE_CHAT} ${ERRORS} }
}`;

export const SET_MEMBER = `mutation ($id: ID!, $employee: ID!, $roles: [Role!]!) {
  setMember(liveChatId: $id, employeeId: $employee, roles: $roles) {
    liveChat { id members { employee { name } roles } } ${ERRORS}
  }
}`;

export const CREATE_CHANNEL = `mutation ($id: ID!, $name: String!, $key: String) {
  createChannel(liveChatId: $id, kind: WEBHOOK, name: $name, idempotencyKey: $key) {
    channel { id kind name inboundPath } secret ${ERRORS}
  }
}`;

export const ROTATE = `mutation ($id: ID!) {
  rotateChannelSecret(channelId: $id) { channel { id inboundPath } secret ${ERRORS} }
}`;

export const SET_ORIGINS = `mutation ($id: ID!, $origins: [String!]!) {
  setLiveChatOrigins(liveChatId: $id, origins: $origins) { ${LIVE_CHAT} ${ERRORS} }
}`;

export const CREATE_APP = `mutation ($name: String!, $kind: AppKind!, $key: String) {
  createApp(name: $name, kind: $kind, idempotencyKey: $key) { app { id name kind } ${ERRORS} }
}`;

export const SET_APPS = `mutation ($id: ID!, $apps: [ID!]!) {
  setLiveChatApps(liveChatId: $id, appIds: $apps) {
    liveChat { id apps { id name kind } } ${ERRORS}
  }
}`;

export const CREATE_TEMPLATE = `mutation ($id: ID!, $title: String!, $text: String!, $key: String) {
  createTemplate(liveChatId: $id, title: $title, text: $text, idempotencyKey: $key) {
    template { id title text } ${ERRORS}
  }
}`;

export const DELETE_TEMPLATE = `mutation ($id: ID!) {
  deleteTemplate(templateId: $id) { deletedId ${ERRORS} }
}`;

export const LIVE_CHATS = `query ($first: Int!, $after: String) {
  administration { liveChats(first: $first, after: $after) {
    edges { cursor node { id name } } nodes { id name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }
}`;

export const EMPLOYEES = `query ($query: String, $first: Int!, $after: String) {
  administration { employees(query: $query, first: $first, after: $after) {
    nodes { id name presence } pageInfo { hasNextPage endCursor }
  } }
}`;
