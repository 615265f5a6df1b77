// @ts-check
// What each counter counts, for whom. That they stay exact under fire is in `storm.mjs`.

import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

const COUNTERS = `{ viewer { counters {
  id version workspaceBadge unreadSessions unassignedSessions queue liveChats { id queueCount }
} liveChats { id queueCount } } }`;

/** @param {string} origin */
export async function play(origin) {
  // kim is operator of one and supervisor of another; dan is both of one.
  const company = await Company.found(origin, {
    desk: {
      ann: ['OPERATOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
      kim: ['OPERATOR'],
      sue: ['SUPERVISOR'],
    },
    shop: { eve: ['OPERATOR'], kim: ['SUPERVISOR'], sue: ['SUPERVISOR'] },
  });
  try {
    await company.online();
    const waiting = await unassigned(company);
    await badge(company, waiting);
    await moved(company);
    await node(company);
    await pushes(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {{ token: string }} who
 * @returns {Promise<any>}
 */
const counters = async (company, who) => (await company.ask(who, COUNTERS)).viewer.counters;

/** @param {Company} company */
async function unassigned(company) {
  const { ann, dan, kim, sue, eve } = company.people;
  const desk = [await company.arrival('D1', ann), await company.arrival('D2', ann)];
  for (const name of ['S1', 'S2', 'S3']) await company.arrival(name, eve, 'shop');
  await step('queue counter: the unassigned sessions of the live chats one operates', async () => {
    await ann.counted({ queue: 2 });
    await eve.counted({ queue: 3 });
    equal((await counters(company, sue)).queue, 0, "sue's, who operates nothing");
  });
  await step(
    'an operator of nothing but operated live chats counts no unassigned ones',
    async () => {
      for (const who of [ann, eve]) {
        equal((await counters(company, who)).unassignedSessions, 0, `${who.as}'s`);
      }
    },
  );
  await step('supervisor: the unassigned sessions of the live chats they supervise', () =>
    sue.counted({ unassignedSessions: 5 }),
  );
  await step('both of one: the unassigned sessions of all their live chats, each once', () =>
    dan.counted({ queue: 2, unassignedSessions: 2 }),
  );
  await step('operator of one and supervisor of another: those of all their live chats', () =>
    kim.counted({ queue: 2, unassignedSessions: 5 }),
  );
  await step('a live chat counts its queue, in the menu and beside the counters', async () => {
    const { viewer } = await company.ask(kim, COUNTERS);
    const expected = [
      { id: company.id('desk'), queueCount: 2 },
      { id: company.id('shop'), queueCount: 3 },
    ];
    const ids = expected.map(({ id }) => id);
    const sorted = (/** @type {any[]} */ list) =>
      list
        .filter(({ id }) => ids.includes(id))
        .toSorted((one, other) => one.queueCount - other.queueCount);
    equal(sorted(viewer.liveChats), expected, 'viewer.liveChats');
    equal(sorted(viewer.counters.liveChats), expected, 'viewer.counters.liveChats');
  });
  await step('New mark: the session is unassigned, for all who see it', async () => {
    for (const who of [ann, dan, sue]) {
      const queue = await company.group(who, 'QUEUE', 'desk', 'isNew');
      equal(
        queue.map(({ isNew }) => isNew),
        [true, true],
        `what ${who.as} sees`,
      );
    }
  });
  return desk;
}

/**
 * @param {Company} company
 * @param {{ visitor: import('../lib/people.mjs').Visitor, session: string }[]} desk
 */
async function badge(company, [first, second]) {
  const { ann, dan, kim, sue } = company.people;
  await step('operator: sessions assigned to me that have unread client messages', async () => {
    await company.does(ann, 'claimSession', { sessionId: first.session });
    await ann.counted({ unreadSessions: 1, queue: 1 });
  });
  await step('sessions, not messages', async () => {
    for (const text of ['Two', 'Three']) await first.visitor.post(text);
    const { unreadCount } = await session(company, ann, first.session);
    equal(unreadCount, 3, 'unread messages');
    equal((await counters(company, ann)).unreadSessions, ann.before.unreadSessions + 1, 'sessions');
  });
  await step('an assigned session is unassigned for nobody', async () => {
    await dan.counted({ queue: 1, unassignedSessions: 1 });
    await kim.counted({ queue: 1, unassignedSessions: 4 });
    await sue.counted({ unassignedSessions: 4 });
    equal((await session(company, sue, first.session)).isNew, false, 'the New mark');
  });
  await step('both: my unread sessions and the unassigned ones, none counted twice', async () => {
    await company.does(dan, 'claimSession', { sessionId: second.session });
    await dan.counted({ unreadSessions: 1 });
    await kim.counted({ unassignedSessions: 3 });
  });
  await step('read, it counts no more', async () => {
    const { messages } = await session(company, dan, second.session);
    const upToSeq = messages.nodes.at(-1).seq;
    await company.does(dan, 'markSessionRead', { sessionId: second.session, upToSeq });
    await dan.counted({});
  });
  await step('workspaceBadge = unreadSessions + unassignedSessions, asked and pushed', async () => {
    for (const who of Object.values(company.people)) {
      for (const one of [await counters(company, who), ...who.counters.all]) {
        const sum = one.unreadSessions + one.unassignedSessions;
        equal(one.workspaceBadge, sum, `${who.as}'s badge`);
      }
    }
  });
}

/**
 * A session as somebody sees it.
 * @param {Company} company
 * @param {{ token: string }} who
 * @param {string} id
 * @returns {Promise<any>}
 */
async function session(company, who, id) {
  const query = `query ($id: ID!) { viewer { session(id: $id) {
    state isNew unreadCount messages(last: 100) { nodes { seq kind } }
  } } }`;
  return (await company.ask(who, query, { id })).viewer.session;
}

/** @param {Company} company */
async function moved(company) {
  const { ann, dan } = company.people;
  await step('reassignment carries the unread over', async () => {
    const { session: sessionId } = await company.arrival('Carried', ann);
    const before = await Promise.all([ann, dan].map((who) => counters(company, who)));
    await company.does(ann, 'claimSession', { sessionId });
    await company.does(ann, 'assignSession', { sessionId, employeeId: dan.id });
    const after = await Promise.all([ann, dan].map((who) => counters(company, who)));
    equal(
      after.map(({ unreadSessions }, at) => unreadSessions - before[at].unreadSessions),
      [0, 1],
      "how much ann's and dan's unread sessions rose",
    );
  });
  await step('closing clears it', async () => {
    const [{ id: sessionId }] = (await company.group(dan, 'MY', 'desk', 'unreadCount')).filter(
      ({ unreadCount }) => unreadCount > 0,
    );
    const before = await counters(company, dan);
    await company.does(dan, 'closeSession', { sessionId });
    const after = await counters(company, dan);
    equal(after.unreadSessions, before.unreadSessions - 1, "dan's unread sessions");
    equal((await session(company, dan, sessionId)).unreadCount, 0, 'its unread messages');
  });
  await step('a queued session that is closed waits no more', async () => {
    const { session: sessionId } = await company.arrival('Closed', ann);
    const before = await counters(company, dan);
    await company.does(dan, 'closeSession', { sessionId });
    const after = await counters(company, dan);
    equal(
      [after.queue, after.unassignedSessions, after.unreadSessions],
      [before.queue - 1, before.unassignedSessions - 1, before.unreadSessions],
      "dan's counters",
    );
    const { unreadCount } = await session(company, dan, sessionId);
    equal(unreadCount, 0, 'its unread messages');
  });
  await step('a role that is taken takes its sessions from the counters', async () => {
    await company.arrival('Left', ann);
    const { kim } = company.people;
    const before = await counters(company, kim);
    const waiting = (await company.group(kim, 'QUEUE', 'shop')).length;
    await company.appoint('kim', [], 'shop');
    const after = await counters(company, kim);
    // kim supervises nothing any more.
    equal([after.unassignedSessions, after.queue], [0, before.queue], "kim's counters");
    holds(after.version > before.version, 'their version rose');
    await company.appoint('kim', ['OPERATOR'], 'shop');
    const again = await counters(company, kim);
    equal(again.queue, before.queue + waiting, "kim's queue, who now operates the shop");
    holds(again.version > after.version, 'their version rose again');
    await eventually('the push of it', () => kim.pushed().version >= again.version);
    equal(kim.pushed().queue, again.queue, 'what was pushed');
  });
}

/** @param {Company} company */
async function node(company) {
  const { ann, dan } = company.people;
  await step('counters are a node, one per employee, which nobody else sees', async () => {
    const [mine, theirs] = await Promise.all([ann, dan].map((who) => counters(company, who)));
    holds(mine.id !== theirs.id, 'ids differ');
    equal((await counters(company, ann)).id, mine.id, 'the id, asked again');
    equal(ann.pushed().id, mine.id, 'the id that is pushed');
    const query =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Counters { queue } } }';
    const { nodes } = await company.ask(ann, query, { ids: [mine.id, theirs.id] });
    equal(nodes, [{ __typename: 'Counters', queue: mine.queue }, null], 'what ann finds');
  });
  await step('a version is 32 digits, and the same while nothing changes', async () => {
    const [first, second] = [await counters(company, ann), await counters(company, ann)];
    holds(/^\d{32}$/.test(first.version), `the form of ${first.version}`);
    equal(second, first, 'the counters, asked again');
  });
}

/** @param {Company} company */
async function pushes(company) {
  const { ann, dan, sue } = company.people;
  await step('the subscription brings the current values first', async () => {
    const query = 'subscription { counters { version queue } }';
    const first = await listen(ann.line, 'further counters', { query }).next('the first');
    const asked = await counters(company, ann);
    equal([first.version, first.queue], [asked.version, asked.queue], 'the first');
  });
  await step('then every change, as absolute values, with a greater version', async () => {
    for (const who of [ann, dan, sue]) {
      const before = await counters(company, who);
      await company.arrival(`Pushed to ${who.as}`, ann);
      const after = await counters(company, who);
      holds(after.version > before.version, `${who.as}'s version rises`);
      const push = await eventually('the push', () =>
        who.counters.all.find(({ version }) => version === after.version),
      );
      equal(
        [push.workspaceBadge, push.queue, push.unassignedSessions],
        [after.workspaceBadge, after.queue, after.unassignedSessions],
        `what was pushed to ${who.as}`,
      );
    }
  });
  await step('the version never falls, however fast one asks while it rises', async () => {
    let busy = true;
    const asking = async () => {
      let last = '';
      while (busy) {
        const { version } = await counters(company, dan);
        holds(version >= last, `${version} is not before ${last}`);
        last = version;
      }
    };
    const names = Array.from({ length: 5 }, (_, at) => `Fast ${at}`);
    const arriving = Promise.all(names.map((name) => company.arrival(name, ann)));
    await Promise.all([asking(), arriving.finally(() => (busy = false))]);
  });
  await step('lists are refused under a subscription', async () => {
    const list = 'sessions(group: QUEUE, first: 1) { nodes { id } }';
    const query = `subscription { counters { liveChats { ${list} } } }`;
    const inbox = listen(ann.line, 'counters with lists', { query });
    const [error] = /** @type {any[]} */ (await eventually('the refusal', () => inbox.error));
    equal([error.extensions?.code, inbox.all], ['BAD_USER_INPUT', []], 'the code');
  });
  await step('who has no presence has counters all the same', async () => {
    await company.go(ann, 'OFFLINE');
    const before = await counters(company, ann);
    await company.arrival('Counts', dan);
    equal((await counters(company, ann)).queue, before.queue + 1, "ann's queue");
    const claimed = await company.act(ann, 'claimNextSession', {}, 'session { id }');
    equal(refusal(claimed), 'OPERATOR_OFFLINE', 'and takes nothing');
  });
}
