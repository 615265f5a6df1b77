// @ts-check
// Everything an employee does at a desk, each as one plain request that asks for all there is.

import { equal } from './expect.mjs';
import { request } from './request.mjs';

/** Whose act it is: all that is needed of a person. */
/** @typedef {{ token: string | undefined }} Bearer */

/**
 * @typedef {'setPresence' | 'claimNextSession' | 'claimSession' | 'sendMessage' | 'addNote'
 *   | 'markSessionRead' | 'markSessionUnread' | 'assignSession' | 'returnSession' | 'closeSession'
 *   | 'renameSession' | 'bindItem' | 'createAndBindItem' | 'unbindItem' | 'setTyping'} Act
 */

export const CAPABILITIES = [
  'viewerCanClaim',
  'viewerCanReply',
  'viewerCanNote',
  'viewerCanAssign',
  'viewerCanReturn',
  'viewerCanClose',
  'viewerCanRename',
  'viewerCanBind',
];

export const SESSION = `
  id version name state isNew unreadCount viewerReadSeq
  liveChat { id } operator { id name } client { id name isInternal } channel { id kind }
  firstMessageAt lastMessageAt waitingSince closedAt
  preview { kind authorName text sentAt channel { id kind } }
  ${CAPABILITIES.join(' ')}
`;

// What does not depend on who asks, as one operation for many has it.
export const PLAIN_SESSION = `
  id version name state isNew unreadCount operator { id name } lastMessageAt waitingSince
  preview { kind authorName text }
`;

export const MESSAGE = `
  id seq kind text sentAt clientMessageId session { id }
  author { __typename name ... on Employee { id } ... on Client { id } }
  channel { id kind name } replyTo { id seq }
  event { kind from { id name } to { id name } name item { id title } }
`;

/** @type {Record<Act, [args: string, results: string]>} */
const ACTS = {
  setPresence: ['presence: Presence!', 'employee { id presence }'],
  claimNextSession: ['liveChatId: ID, idempotencyKey: String', 'session'],
  claimSession: ['sessionId: ID!', 'session claimedBy'],
  sendMessage: [
    'sessionId: ID!, text: String!, clientMessageId: String!, replyToId: ID, readUpToSeq: Int',
    'message session claimedBy',
  ],
  addNote: ['sessionId: ID!, text: String!, clientMessageId: String!', 'message session'],
  markSessionRead: ['sessionId: ID!, upToSeq: Int!', 'session'],
  markSessionUnread: ['sessionId: ID!, fromSeq: Int!', 'session'],
  assignSession: ['sessionId: ID!, employeeId: ID!, comment: String', 'session'],
  returnSession: ['sessionId: ID!, comment: String', 'session'],
  closeSession: ['sessionId: ID!, lastSeq: Int', 'session'],
  renameSession: ['sessionId: ID!, name: String!', 'session'],
  bindItem: ['sessionId: ID!, itemId: ID!', 'session item { id title }'],
  createAndBindItem: [
    'sessionId: ID!, appId: ID!, title: String!, idempotencyKey: String',
    'session item { id title }',
  ],
  unbindItem: ['sessionId: ID!, itemId: ID!', 'session item { id title }'],
  setTyping: ['sessionId: ID!', ''],
};

const DOCUMENTS = Object.fromEntries(
  Object.entries(ACTS).map(([name, [args, results]]) => [name, mutation(name, args, results)]),
);

/**
 * @param {string} name
 * @param {string} args as the contract has them
 * @param {string} results fields of the payload
 */
function mutation(name, args, results) {
  const variables = args.replaceAll(/(\w+):/g, '$$$1:');
  const passed = args.replaceAll(/(\w+): [\w!]+/g, '$1: $$$1');
  const selected = results
    .replace(/\bsession\b/, `session { ${SESSION} }`)
    .replace(/\bmessage\b/, `message { ${MESSAGE} }`)
    .replace(/\bclaimedBy\b/, 'claimedBy { id name }');
  return `mutation (${variables}) {
    ${name}(${passed}) { ${selected} userErrors { code message field } }
  }`;
}

/**
 * How an act went: its payload, or the codes of the errors beside the data.
 * @param {string} origin
 * @param {Bearer} who
 * @param {Act} act
 * @param {Record<string, unknown>} args
 * @returns {Promise<{ payload: any, faults: string[], refusal: string | null }>} `refusal`: the
 *   code of the one user error, null if there is none
 */
export async function attempt(origin, who, act, args) {
  const { data, errors } = await request(origin, who.token, DOCUMENTS[act], args);
  const payload = data?.[act] ?? null;
  const refusals = payload?.userErrors ?? [];
  equal(refusals.length > 1, false, `${act} reports more than the first refusal`);
  return {
    payload,
    faults: (errors ?? []).map(({ extensions }) => extensions?.code),
    refusal: refusals[0]?.code ?? null,
  };
}
