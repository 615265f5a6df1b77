// @ts-check
// Of several reasons to refuse an act, which is told: the first, in the order of the contract. Who
// may do what tries the reasons that lie in a person and a session; here are those of arguments.

import { equal } from '../lib/expect.mjs';
import { Order } from '../lib/order.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @param {string} origin */
export async function play(origin) {
  const order = await Order.set(origin);
  await invalid(order);
  await keys(order);
  await absent(order);
  await offline(order);
  await closed(order);
  await assigned(order);
  await internal(order);
  await order.scene.end();
}

/** @param {Order} order */
async function invalid(order) {
  const { ann, bob, sue } = order.people;
  const empty = { text: '', clientMessageId: 'empty' };
  chapter('INVALID by the arguments alone is the first');
  await order.says('before KEY_REUSED', 'INVALID', ann, 'addNote', await order.used({ text: '' }));
  await order.says('before NOT_FOUND', 'INVALID', bob, 'addNote', {
    sessionId: order.assigned,
    ...empty,
  });
  await order.says('before that the session’s id is none', 'INVALID', bob, 'addNote', {
    sessionId: 'nonsense',
    ...empty,
  });
  await order.says('before FORBIDDEN', 'INVALID', sue, 'sendMessage', {
    sessionId: order.queued,
    ...empty,
  });
  await order.saysOffline('before OPERATOR_OFFLINE', 'INVALID', ann, 'renameSession', {
    sessionId: order.assigned,
    name: '',
  });
  await order.says('before SESSION_CLOSED', 'INVALID', ann, 'addNote', {
    sessionId: order.closed,
    ...empty,
  });
  await order.says('before NOT_ASSIGNED', 'INVALID', bob, 'returnSession', {
    sessionId: order.queued,
    comment: '',
  });
  await order.says('before NOT_AN_OPERATOR', 'INVALID', sue, 'assignSession', {
    sessionId: order.queued,
    employeeId: sue.id,
    comment: '',
  });
}

/** @param {Order} order */
async function keys(order) {
  const { scene } = order;
  const { ann, bob, bea, sue } = order.people;
  chapter('KEY_REUSED, and the first result of a repeated key, are the next');
  const { id } = await scene.queued(sue);
  const args = { sessionId: id, text: 'Mine', clientMessageId: 'key' };
  const other = { ...args, text: 'Other' };
  const first = (await scene.act(bea, 'sendMessage', args)).message;
  await scene.act(sue, 'assignSession', { sessionId: id, employeeId: bob.id });

  const repeated = (/** @type {string} */ why) =>
    step(`the first result before ${why}`, async () => {
      const { message, session } = await scene.act(bea, 'sendMessage', args);
      equal([message?.id, session], [first.id, null], 'the message, and the session out of sight');
    });
  await repeated('ALREADY_CLAIMED');
  await order.says('KEY_REUSED before ALREADY_CLAIMED', 'KEY_REUSED', bea, 'sendMessage', other);
  await scene.go(bea, 'OFFLINE');
  await repeated('OPERATOR_OFFLINE');
  await order.says('KEY_REUSED before OPERATOR_OFFLINE', 'KEY_REUSED', bea, 'sendMessage', other);
  await scene.go(bea, 'ONLINE');
  await scene.act(bob, 'closeSession', { sessionId: id });
  await repeated('NOT_FOUND and SESSION_CLOSED');
  await order.says('KEY_REUSED before NOT_FOUND', 'KEY_REUSED', bea, 'sendMessage', other);
  await scene.company.appoint('bea', ['SUPERVISOR']);
  await step('the first result before FORBIDDEN', async () => {
    const { message } = await scene.act(bea, 'sendMessage', args);
    equal(message?.id, first.id, 'the message');
  });
  await order.says('KEY_REUSED before FORBIDDEN', 'KEY_REUSED', bea, 'sendMessage', other);
  await scene.company.appoint('bea', []);
  await repeated('NOT_FOUND, when the role is gone,');
  await scene.company.appoint('bea', ['OPERATOR']);
  const quoting = { ...(await order.used({ text: 'A note' })), replyToId: order.note };
  await order.says('KEY_REUSED before INVALID by the state', 'KEY_REUSED', ann, 'sendMessage', {
    ...quoting,
    text: 'A reply under the key of a note',
  });
}

/** @param {Order} order */
async function absent(order) {
  const { bob, sue, dan, ann } = order.people;
  chapter('NOT_FOUND is the next, of any argument');
  const nobody = { employeeId: 'nonsense' };
  const quoting = { text: 'To what?', clientMessageId: 'absent', replyToId: 'nonsense' };
  await order.says('of the employee, before FORBIDDEN', 'NOT_FOUND', bob, 'assignSession', {
    sessionId: order.earlier,
    ...nobody,
  });
  await order.says('of the quote, before FORBIDDEN', 'NOT_FOUND', sue, 'sendMessage', {
    sessionId: order.queued,
    ...quoting,
  });
  await order.saysOffline(
    'of the employee, before OPERATOR_OFFLINE',
    'NOT_FOUND',
    ann,
    'assignSession',
    { sessionId: order.assigned, ...nobody },
  );
  await order.says('of the employee, before SESSION_CLOSED', 'NOT_FOUND', sue, 'assignSession', {
    sessionId: order.closed,
    ...nobody,
  });
  await order.says('of the quote, before SESSION_CLOSED', 'NOT_FOUND', ann, 'sendMessage', {
    sessionId: order.closed,
    ...quoting,
  });
  await order.says('of the quote, before ALREADY_CLAIMED', 'NOT_FOUND', dan, 'sendMessage', {
    sessionId: order.assigned,
    ...quoting,
  });
  await order.says('of the employee, before NOT_ASSIGNED', 'NOT_FOUND', bob, 'assignSession', {
    sessionId: order.queued,
    ...nobody,
  });
  await order.says(
    'of the session, before INVALID by the state',
    'NOT_FOUND',
    bob,
    'markSessionRead',
    { sessionId: order.assigned, upToSeq: 1000 },
  );
  await step('a quote that one may not see is answered as one that does not exist', async () => {
    const { scene } = order;
    const args = { sessionId: order.assigned, text: 'To that', clientMessageId: 'unseen' };
    const quote = async (/** @type {string} */ replyToId) =>
      scene.attempt(bob, 'sendMessage', { ...args, replyToId });
    const unseen = await quote(order.note);
    equal(unseen, await quote(another(order.note)), 'the answers');
  });
  await order.says('FORBIDDEN before INVALID by the state', 'FORBIDDEN', bob, 'markSessionRead', {
    sessionId: order.earlier,
    upToSeq: 1000,
  });
  await order.says('FORBIDDEN before NOT_AN_OPERATOR', 'FORBIDDEN', bob, 'assignSession', {
    sessionId: order.earlier,
    employeeId: sue.id,
  });
}

/** @param {Order} order */
async function offline(order) {
  const { ann, bob, sue, kim, eve, dan } = order.people;
  chapter('OPERATOR_OFFLINE is the next, of oneself or of whom it is assigned to');
  await order.saysOffline(
    'of oneself, before NOT_AN_OPERATOR',
    'OPERATOR_OFFLINE',
    ann,
    'assignSession',
    { sessionId: order.assigned, employeeId: kim.id },
    null,
  );
  await order.saysOffline(
    'of oneself, before UNSEEN_MESSAGE',
    'OPERATOR_OFFLINE',
    ann,
    'closeSession',
    { sessionId: order.assigned, lastSeq: 0 },
    null,
  );
  await order.saysOffline(
    'of oneself, before INVALID by the state',
    'OPERATOR_OFFLINE',
    ann,
    'sendMessage',
    {
      sessionId: order.assigned,
      text: 'To that',
      clientMessageId: 'offline',
      replyToId: order.note,
    },
    null,
  );
  await order.says(
    'of the other, before NOT_AN_OPERATOR',
    'OPERATOR_OFFLINE',
    ann,
    'assignSession',
    { sessionId: order.assigned, employeeId: eve.id },
    ['employeeId'],
  );
  await order.scene.go(dan, 'OFFLINE');
  await order.says(
    'of the other, before SESSION_CLOSED',
    'OPERATOR_OFFLINE',
    sue,
    'assignSession',
    { sessionId: order.closed, employeeId: dan.id },
    ['employeeId'],
  );
  await order.says(
    'of the other, before NOT_ASSIGNED',
    'OPERATOR_OFFLINE',
    bob,
    'assignSession',
    { sessionId: order.queued, employeeId: dan.id },
    ['employeeId'],
  );
  await order.says('FORBIDDEN before that of the other', 'FORBIDDEN', bob, 'assignSession', {
    sessionId: order.earlier,
    employeeId: dan.id,
  });
  await order.says('NOT_FOUND before that of the other', 'NOT_FOUND', bob, 'assignSession', {
    sessionId: order.assigned,
    employeeId: dan.id,
  });
  await order.scene.go(dan, 'ONLINE');
}

/** @param {Order} order */
async function closed(order) {
  const { ann, sue } = order.people;
  chapter('SESSION_CLOSED is the next');
  await order.says('before NOT_AN_OPERATOR', 'SESSION_CLOSED', sue, 'assignSession', {
    sessionId: order.closed,
    employeeId: sue.id,
  });
  await order.says('before INVALID by the state', 'SESSION_CLOSED', ann, 'sendMessage', {
    sessionId: order.closed,
    text: 'To that',
    clientMessageId: 'closed',
    replyToId: order.lateNote,
  });
}

/** @param {Order} order */
async function assigned(order) {
  const { bob, sue, dan } = order.people;
  chapter('ALREADY_CLAIMED or NOT_ASSIGNED is the next');
  await order.says(
    'ALREADY_CLAIMED before INVALID by the state',
    'ALREADY_CLAIMED',
    dan,
    'sendMessage',
    {
      sessionId: order.assigned,
      text: 'To that',
      clientMessageId: 'taken',
      replyToId: order.note,
    },
  );
  await order.says('NOT_ASSIGNED before NOT_AN_OPERATOR', 'NOT_ASSIGNED', bob, 'assignSession', {
    sessionId: order.queued,
    employeeId: sue.id,
  });
  await order.says('NOT_ASSIGNED before UNSEEN_MESSAGE', 'NOT_ASSIGNED', bob, 'closeSession', {
    sessionId: order.queued,
    lastSeq: 0,
  });
}

/** @param {Order} order */
async function internal(order) {
  const { scene } = order;
  const { ann, bob, sue, kim } = order.people;
  chapter('INTERNAL_CLIENT is of the rest');
  const post = `mutation ($id: ID!) {
    postMessage(liveChatId: $id, text: "From inside", clientMessageId: "inside") {
      userErrors { code }
    }
  }`;
  await scene.ask(kim, post, { id: scene.liveChatId });
  const { id } = (await scene.group(sue, 'QUEUE')).find((one) => one.client.isInternal);
  const bind = { sessionId: id, appId: order.app, title: 'A chair' };
  await order.says('NOT_FOUND before it', 'NOT_FOUND', sue, 'bindItem', {
    sessionId: id,
    itemId: 'nonsense',
  });
  await order.saysOffline(
    'OPERATOR_OFFLINE before it',
    'OPERATOR_OFFLINE',
    sue,
    'createAndBindItem',
    bind,
  );
  await order.says('NOT_ASSIGNED before it', 'NOT_ASSIGNED', bob, 'createAndBindItem', bind);
  await scene.act(ann, 'claimSession', { sessionId: id });
  for (const who of [ann, sue]) {
    await order.says(`for ${who.as}`, 'INTERNAL_CLIENT', who, 'createAndBindItem', bind);
  }
  await scene.act(ann, 'closeSession', { sessionId: id });
  await order.says('of a closed one as well', 'INTERNAL_CLIENT', ann, 'createAndBindItem', bind);
}

/**
 * The id of a message that does not exist, made from that of one that does.
 * @param {string} id
 */
function another(id) {
  return Buffer.from(`${Buffer.from(id, 'base64url')}99`).toString('base64url');
}
