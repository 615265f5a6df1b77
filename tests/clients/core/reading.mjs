// @ts-check
// What makes a message read, and for whom: the number at a session, and the line in its dialog.

import { Company, refusal } from '../lib/company.mjs';
import { equal } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

const SESSION = `query ($id: ID!) { node(id: $id) { ... on Session {
  state unreadCount viewerReadSeq isNew messages(last: 100) { nodes { seq kind } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
      sue: ['SUPERVISOR'],
    },
  });
  try {
    await company.online();
    await queued(company);
    await taken(company);
    await marked(company);
    await answered(company);
    await others(company);
    await handed(company);
    await never(company);
    await unread(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {{ token: string }} who
 * @param {string} id
 * @returns {Promise<any>}
 */
const look = async (company, who, id) => (await company.ask(who, SESSION, { id })).node;

/**
 * The unread number of a session, which is the same for all who see it.
 * @param {Company} company
 * @param {string} id
 * @param {number} count
 * @param {Employee[]} people
 */
async function badge(company, id, count, people) {
  for (const who of people) {
    equal((await look(company, who, id)).unreadCount, count, `unread, as ${who.as} sees it`);
  }
}

/**
 * A client who has written some messages, and the session.
 * @param {Company} company
 * @param {string} name
 * @param {number} count
 */
async function written(company, name, count) {
  const arrival = await company.arrival(name, company.people.sue);
  for (let at = 1; at < count; at += 1) await arrival.visitor.post(`Message ${at}`);
  return arrival;
}

/** @param {Company} company */
async function queued(company) {
  const { ann, bob, dan, sue } = company.people;
  await step('of a queued session all client messages are unread, for everybody', async () => {
    const { session, visitor } = await written(company, 'Queued', 3);
    await badge(company, session, 3, [ann, bob, dan, sue]);
    for (const who of [ann, sue]) {
      await company.does(who, 'markSessionRead', { sessionId: session, upToSeq: 3 });
    }
    await badge(company, session, 3, [ann, bob, dan, sue]);
    await visitor.post('One more');
    await badge(company, session, 4, [ann, bob, dan, sue]);
  });
}

/** @param {Company} company */
async function taken(company) {
  const { ann, bob, dan, sue } = company.people;
  await step('claiming does not read', async () => {
    const { session } = await written(company, 'Claimed', 2);
    await company.does(ann, 'claimSession', { sessionId: session });
    await badge(company, session, 2, [ann, dan, sue]);
  });
  await step('… nor does taking the next', async () => {
    const { session } = await company.does(
      ann,
      'claimNextSession',
      {},
      'session { id unreadCount }',
    );
    const waited = await look(company, ann, session.id);
    const clients = waited.messages.nodes.filter(
      (/** @type {any} */ { kind }) => kind === 'CLIENT',
    );
    equal(session.unreadCount, clients.length, 'unread');
  });
  await step('… nor being assigned', async () => {
    const { session } = await written(company, 'Assigned', 2);
    await company.does(sue, 'assignSession', { sessionId: session, employeeId: bob.id });
    await badge(company, session, 2, [bob, dan, sue]);
  });
}

/** @param {Company} company */
async function marked(company) {
  const { ann, dan, sue } = company.people;
  const { session: sessionId, visitor } = await written(company, 'Marked', 3);
  await company.does(ann, 'claimSession', { sessionId });
  const mark = (/** @type {number} */ upToSeq) =>
    company.act(
      ann,
      'markSessionRead',
      { sessionId, upToSeq },
      'session { unreadCount viewerReadSeq }',
    );
  await step('opening reads: the page says so with markSessionRead', async () => {
    const { session } = await mark(2);
    equal(session, { unreadCount: 1, viewerReadSeq: 2 }, 'read up to the second');
    await badge(company, sessionId, 1, [ann, dan, sue]);
    // 4 is the entry that says that ann took it.
    equal((await mark(4)).session, { unreadCount: 0, viewerReadSeq: 4 }, 'read to the end');
    await badge(company, sessionId, 0, [ann, dan, sue]);
  });
  await step('a mark never moves back', async () => {
    equal((await mark(1)).session, { unreadCount: 0, viewerReadSeq: 4 }, 'the session');
  });
  await step('a mark beyond the last entry is INVALID', async () => {
    const { session, userErrors } = await mark(5);
    equal(
      [session, userErrors[0]?.code, userErrors[0]?.field],
      [null, 'INVALID', ['upToSeq']],
      'the answer',
    );
  });
  await step('what comes after it is unread', async () => {
    await visitor.post('Later');
    await badge(company, sessionId, 1, [ann, dan, sue]);
  });
  await step("a mark before this session's first entry changes nothing", async () => {
    await company.does(ann, 'closeSession', { sessionId });
    await visitor.post('A new request');
    const next = await company.waiting(ann, visitor.name);
    await company.does(ann, 'claimSession', { sessionId: next });
    const before = await look(company, ann, next);
    const args = { sessionId: next, upToSeq: 1 };
    const payload = await company.does(ann, 'markSessionRead', args, 'session { unreadCount }');
    equal([before.unreadCount, payload.session.unreadCount], [1, 1], 'unread');
    equal(await look(company, ann, next), before, 'the session');
  });
}

/** @param {Company} company */
async function answered(company) {
  const { ann, dan, sue } = company.people;
  const reply = (
    /** @type {string} */ sessionId,
    /** @type {number | undefined} */ readUpToSeq = undefined,
  ) =>
    company.does(
      ann,
      'sendMessage',
      { sessionId, text: 'An answer', clientMessageId: crypto.randomUUID(), readUpToSeq },
      'session { unreadCount }',
    );
  await step('answering reads all that stood there', async () => {
    const { session } = await written(company, 'Answered', 3);
    await company.does(ann, 'claimSession', { sessionId: session });
    equal((await reply(session)).session.unreadCount, 0, 'unread');
    await badge(company, session, 0, [ann, dan, sue]);
  });
  await step('… or up to what the answerer had seen, when that is said', async () => {
    const { session } = await written(company, 'Seen', 3);
    await company.does(ann, 'claimSession', { sessionId: session });
    equal((await reply(session, 1)).session.unreadCount, 2, 'unread');
    await badge(company, session, 2, [ann, dan, sue]);
  });
  await step('so does an answer that takes a queued session', async () => {
    const [all, some] = [await written(company, 'All', 3), await written(company, 'Some', 3)];
    equal((await reply(all.session)).session.unreadCount, 0, 'unread of the one');
    equal((await reply(some.session, 2)).session.unreadCount, 1, 'unread of the other');
  });
}

/** @param {Company} company */
async function others(company) {
  const { ann, bob, dan, sue } = company.people;
  const { session: sessionId } = await written(company, 'Others', 3);
  await step("anyone else's reading moves only their own line: of a queued session", async () => {
    const args = { sessionId, upToSeq: 2 };
    const { session } = await company.does(
      bob,
      'markSessionRead',
      args,
      'session { viewerReadSeq }',
    );
    equal(session.viewerReadSeq, 2, "bob's line");
    for (const who of [ann, dan, sue]) {
      equal((await look(company, who, sessionId)).viewerReadSeq, 0, `${who.as}'s line`);
    }
    await badge(company, sessionId, 3, [ann, bob, dan, sue]);
  });
  await step('… and of an assigned one', async () => {
    await company.does(ann, 'claimSession', { sessionId });
    const before = await look(company, ann, sessionId);
    for (const who of [dan, sue]) {
      await company.does(who, 'markSessionRead', { sessionId, upToSeq: 3 });
      equal((await look(company, who, sessionId)).viewerReadSeq, 3, `${who.as}'s line`);
    }
    equal(await look(company, ann, sessionId), before, 'the session, for ann');
    await badge(company, sessionId, 3, [ann, dan, sue]);
  });
}

/** @param {Company} company */
async function handed(company) {
  const { ann, bob, dan, sue } = company.people;
  const { session: sessionId, visitor } = await written(company, 'Handed', 3);
  await company.does(ann, 'claimSession', { sessionId });
  await company.does(ann, 'markSessionRead', { sessionId, upToSeq: 2 });
  await step('reassignment carries the unread over', async () => {
    await company.does(ann, 'assignSession', { sessionId, employeeId: bob.id });
    await badge(company, sessionId, 1, [bob, dan, sue]);
    await visitor.post('More');
    await badge(company, sessionId, 2, [bob, dan, sue]);
  });
  await step('a return to the queue makes the whole session unread again', async () => {
    await company.does(bob, 'returnSession', { sessionId });
    await badge(company, sessionId, 4, [ann, bob, dan, sue]);
    equal((await look(company, sue, sessionId)).isNew, true, 'the New mark');
    await company.does(dan, 'claimSession', { sessionId });
    await badge(company, sessionId, 4, [dan, sue]);
  });
  await step('the whole session, and not the earlier ones', async () => {
    await company.does(dan, 'closeSession', { sessionId });
    await visitor.post('A new request');
    const next = await company.waiting(ann, visitor.name);
    await badge(company, next, 1, [ann, sue]);
    await company.does(ann, 'sendMessage', { sessionId: next, text: 'Yes', clientMessageId: '1' });
    await company.does(ann, 'returnSession', { sessionId: next });
    await badge(company, next, 1, [ann, sue]);
  });
  await step('closing clears it: of a closed session nothing is unread', async () => {
    await badge(company, sessionId, 0, [dan, sue]);
    const { session: waiting } = await written(company, 'Closed', 2);
    await company.does(sue, 'closeSession', { sessionId: waiting });
    await badge(company, waiting, 0, [dan, sue]);
  });
}

/** @param {Company} company */
async function never(company) {
  const { ann, bob, dan, sue } = company.people;
  await step('own messages, notes and events are never unread', async () => {
    const { session: sessionId } = await written(company, 'Never', 1);
    const answer = { sessionId, text: 'An answer', clientMessageId: 'answer' };
    await company.does(ann, 'sendMessage', answer);
    await badge(company, sessionId, 0, [ann, dan, sue]);
    await company.does(sue, 'addNote', { sessionId, text: 'A note', clientMessageId: 'note' });
    await company.does(sue, 'renameSession', { sessionId, name: 'Another name' });
    await badge(company, sessionId, 0, [ann, dan, sue]);
    await company.does(ann, 'assignSession', { sessionId, employeeId: bob.id, comment: 'Yours' });
    await badge(company, sessionId, 0, [bob, dan, sue]);
    const counters = '{ viewer { counters { unreadSessions } } }';
    const { viewer } = await company.ask(bob, counters);
    const unread = (await company.group(bob, 'MY', undefined, 'unreadCount')).filter(
      ({ unreadCount }) => unreadCount > 0,
    );
    equal(viewer.counters.unreadSessions, unread.length, "bob's unread sessions");
  });
}

/** @param {Company} company */
async function unread(company) {
  const { ann, dan, sue } = company.people;
  const { session: sessionId } = await written(company, 'Unread', 3);
  await company.does(ann, 'claimSession', { sessionId });
  await company.does(ann, 'markSessionRead', { sessionId, upToSeq: 3 });
  const mark = (/** @type {Employee} */ who, /** @type {number} */ fromSeq) =>
    company.act(who, 'markSessionUnread', { sessionId, fromSeq }, 'session { unreadCount }');
  await step('markSessionUnread makes unread from a message on', async () => {
    equal((await mark(ann, 2)).session.unreadCount, 2, 'from the second');
    await badge(company, sessionId, 2, [ann, dan, sue]);
    equal((await mark(ann, 1)).session.unreadCount, 3, 'from the first');
  });
  await step('by somebody else it moves their own line only', async () => {
    await company.does(ann, 'markSessionRead', { sessionId, upToSeq: 3 });
    await company.does(sue, 'markSessionRead', { sessionId, upToSeq: 3 });
    await mark(sue, 2);
    equal((await look(company, sue, sessionId)).viewerReadSeq, 1, "sue's line");
    await badge(company, sessionId, 0, [ann, dan, sue]);
  });
  await step('what is out of sight has no line: NOT_FOUND', async () => {
    const { bob } = company.people;
    equal(refusal(await mark(bob, 1)), 'NOT_FOUND', 'unread');
    const read = await company.act(bob, 'markSessionRead', { sessionId, upToSeq: 1 });
    equal(refusal(read), 'NOT_FOUND', 'read');
  });
}
