// @ts-check
// Everything that can be done to a session, so that a rule about all acts is tried with all of them.

/**
 * @typedef {object} Target what the acts are about
 * @property {string} session its id
 * @property {string} colleague the id of an operator, to assign it to
 * @property {string} app the id of an app that the live chat names
 * @property {string} item the id of an item of that app
 */

/** @typedef {{ field: string, args: Record<string, unknown>, selection: string }} Act */

/**
 * The acts that change a session, with arguments that are right for it, except for taking the next.
 * @param {Target} target
 * @returns {Act[]}
 */
export function acts({ session, colleague, app, item }) {
  const key = crypto.randomUUID();
  const sessionId = session;
  return [
    act('claimSession', { sessionId }, 'session { id } claimedBy { name }'),
    act(
      'sendMessage',
      { sessionId, text: 'A reply', clientMessageId: key },
      'session { id } message { id } claimedBy { name }',
    ),
    act(
      'addNote',
      { sessionId, text: 'A note', clientMessageId: key },
      'session { id } message { id }',
    ),
    act('assignSession', { sessionId, employeeId: colleague }),
    act('returnSession', { sessionId }),
    act('closeSession', { sessionId }),
    act('renameSession', { sessionId, name: 'Another name' }),
    act('bindItem', { sessionId, itemId: item }, 'session { id } item { id }'),
    act(
      'createAndBindItem',
      { sessionId, appId: app, title: 'A new item' },
      'session { id } item { id }',
    ),
    act('unbindItem', { sessionId, itemId: item }),
  ];
}

/**
 * The acts that change what is read of a session, and no more.
 * @param {string} sessionId
 * @param {number} seq of one of its messages
 * @returns {Act[]}
 */
export function readActs(sessionId, seq) {
  return [
    act('markSessionRead', { sessionId, upToSeq: seq }),
    act('markSessionUnread', { sessionId, fromSeq: seq }),
  ];
}

/**
 * @param {string} field
 * @param {Record<string, unknown>} args
 * @param {string} [selection]
 * @returns {Act}
 */
function act(field, args, selection = 'session { id }') {
  return { field, args, selection };
}
