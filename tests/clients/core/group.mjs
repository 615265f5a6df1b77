// @ts-check
// The groups of a live chat: what is in each, and in which order.

import { ids } from '../lib/connection.mjs';
import { equal, eventually } from '../lib/expect.mjs';
import { Lists } from '../lib/lists.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/scene.mjs').Group} Group */
/** @typedef {import('../lib/scene.mjs').Case} Case */
/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const lists = await Lists.set(origin);
  await members(lists);
  await order(lists);
  await ties(lists);
  await lists.scene.end();
}

/** @param {Lists} lists */
async function members(lists) {
  const { scene, ann, bob, sue, dan } = lists;
  chapter('What is in a group');
  // The last message of each is later than that of the one before.
  const waits = await scene.queued(sue, 'Waits');
  const anns = await scene.assigned(ann, 'Ann has it');
  const bobs = await scene.assigned(bob, 'Bob has it');
  const dans = await scene.assigned(dan, 'Dan has it');
  const annClosed = await scene.closed(ann, 'Ann closed it');
  const handedOn = await scene.assigned(ann, 'Ann handed it on');
  await lists.act('assignSession', ann, handedOn, { employeeId: bob.id });
  await lists.act('closeSession', bob, handedOn);
  const bySue = await scene.assigned(ann, "Sue closed Ann's");
  await lists.act('closeSession', sue, bySue);
  const unanswered = await scene.queued(sue, 'Closed in the queue');
  await lists.act('closeSession', sue, unanswered);

  await step('Active: all open sessions, for a supervisor, last message first', () =>
    lists.are(sue, 'ACTIVE', [dans, bobs, anns, waits], 'all that are open'),
  );
  await step('Active: all open sessions, for who is both', () =>
    lists.are(dan, 'ACTIVE', [dans, bobs, anns, waits], 'all that are open'),
  );
  await step('Active: empty for others', () => lists.are(ann, 'ACTIVE', [], 'nothing'));
  await step('Closed: for an operator those they had when they were closed, by whomever', () =>
    lists.are(ann, 'CLOSED', [bySue, annClosed], 'those that she had'),
  );
  await step('Closed: one that was handed on stands with who had it at the close', () =>
    lists.are(bob, 'CLOSED', [handedOn], 'the one that he had'),
  );
  for (const who of [sue, dan]) {
    await step(`Closed: all, last closed first, for ${who.as}, who supervises`, () =>
      lists.are(who, 'CLOSED', [unanswered, bySue, handedOn, annClosed], 'all'),
    );
  }
  for (const who of [ann, bob, sue, dan]) {
    await step(`Queue: the unassigned ones, for ${who.as}`, () =>
      lists.are(who, 'QUEUE', [waits], 'the one that waits'),
    );
  }
  for (const [who, cases] of /** @type {[Employee, Case[]][]} */ ([
    [ann, [anns]],
    [bob, [bobs]],
    [dan, [dans]],
    [sue, []],
  ])) {
    await step(`My: those assigned to ${who.as}, and no other`, () =>
      lists.are(who, 'MY', cases, 'what is theirs'),
    );
  }
  await step('a live chat without a role of mine has no groups for me', async () => {
    const query = 'query ($id: ID!) { viewer { liveChat(id: $id) { id } } }';
    const { viewer } = await scene.ask(lists.eve, query, { id: scene.liveChatId });
    equal(viewer.liveChat, null, 'the live chat');
  });
  await step('queueCount is how many are in the queue', async () => {
    equal(await queueCount(lists), 1, 'queueCount');
    const [second] = await scene.queue(sue, 1);
    equal(await queueCount(lists), 2, 'queueCount with one more');
    await lists.act('closeSession', sue, second);
    equal(await queueCount(lists), 1, 'queueCount when it is closed');
  });
  await step('openSessions of an operator is how many of the live chat are theirs', async () => {
    const query = `query ($id: ID!) {
      viewer { liveChat(id: $id) { operators { employee { id } openSessions } } }
    }`;
    const { viewer } = await scene.ask(ann, query, { id: scene.liveChatId });
    const open = new Map(
      viewer.liveChat.operators.map((/** @type {any} */ one) => [
        one.employee.id,
        one.openSessions,
      ]),
    );
    equal(
      [ann, bob, dan].map(({ id }) => open.get(id)),
      [1, 1, 1],
      'of ann, bob and dan',
    );
    equal(open.size, 3, 'sue is no operator');
  });
  for (const one of [waits, anns, bobs, dans]) await lists.act('closeSession', sue, one);
}

/** @param {Lists} lists */
async function queueCount({ scene, ann }) {
  const query = 'query ($id: ID!) { viewer { liveChat(id: $id) { queueCount } } }';
  return (await scene.ask(ann, query, { id: scene.liveChatId })).viewer.liveChat.queueCount;
}

/** @param {Lists} lists */
async function order(lists) {
  const { scene, ann, sue } = lists;
  chapter('In which order');
  const [one, two, three] = await scene.queue(sue, 3);

  await step('the queue: longest waiting first', () =>
    lists.are(ann, 'QUEUE', [one, two, three], 'in the order of opening'),
  );
  await step('the queue: a later message does not move a session', async () => {
    await one.write('Still here');
    await lists.are(ann, 'QUEUE', [one, two, three], 'in the order of opening');
  });
  await step('a return to the queue keeps its place, by the opening time', async () => {
    await lists.act('claimSession', ann, two);
    await lists.are(ann, 'QUEUE', [one, three], 'without the one that was taken');
    await lists.act('returnSession', ann, two);
    await lists.are(ann, 'QUEUE', [one, two, three], 'as before');
  });
  for (const each of [three, one, two]) await lists.act('claimSession', ann, each);
  await step('Active and My: last message first; a claim does not move a session', async () => {
    await lists.are(ann, 'MY', [one, three, two], 'in the order of last messages');
    await lists.are(sue, 'ACTIVE', [one, three, two], 'in the order of last messages');
  });
  await step("Active and My: a client's message moves a session to the top", async () => {
    await two.write('And this');
    await lists.are(ann, 'MY', [two, one, three], 'with the last message first');
    await lists.are(sue, 'ACTIVE', [two, one, three], 'with the last message first');
  });
  await step("Active and My: an operator's message moves a session to the top", async () => {
    await scene.send(ann, three.id);
    await lists.are(ann, 'MY', [three, two, one], 'with the last message first');
    await lists.are(sue, 'ACTIVE', [three, two, one], 'with the last message first');
  });
  await step('Active and My: notes and events do not move a session', async () => {
    await scene.note(ann, one.id);
    await lists.act('renameSession', ann, one, { name: 'Renamed' });
    await lists.are(ann, 'MY', [three, two, one], 'as before');
    await lists.are(sue, 'ACTIVE', [three, two, one], 'as before');
  });
  await step('Closed: last closed first', async () => {
    for (const each of [two, three, one]) await lists.act('closeSession', ann, each);
    const last = ids((await scene.some(sue, 'CLOSED', { first: 3 })).nodes);
    if (last.join() !== ids([one, three, two]).join()) {
      await eventually('the closed ones', async () => {
        const { nodes } = await scene.some(sue, 'CLOSED', { first: 3 });
        return ids(nodes).join() === ids([one, three, two]).join();
      });
    }
  });
}

/** @param {Lists} lists */
async function ties(lists) {
  const { scene, ann, sue, dan } = lists;
  chapter('Ties, and pages of them');
  const clients = Array.from({ length: 12 }, () => scene.client());
  await Promise.all(clients.map(({ write }) => write()));
  const cases = await scene.found(sue, clients);
  const sorted = (/** @type {Case[]} */ some) => ids(some).sort();

  /**
   * @param {Employee} who
   * @param {Group} group
   */
  const stable = async (who, group) => {
    const whole = ids(await scene.group(who, group));
    for (const first of [1, 5]) {
      equal(ids(await scene.group(who, group, { first })), whole, `${group} by ${first}`);
    }
    return whole.filter((id) => cases.some((one) => one.id === id));
  };
  await step('the queue: of those that opened at once, all come, in the same order', async () => {
    equal((await stable(ann, 'QUEUE')).sort(), sorted(cases), 'what came');
  });
  await Promise.all(cases.map((one) => lists.act('claimSession', dan, one)));
  await step('My: all come, in the same order', async () => {
    equal((await stable(dan, 'MY')).sort(), sorted(cases), 'what came');
  });
  await step('Active: all come, in the same order', async () => {
    await eventually(
      'all in ACTIVE',
      async () => (await scene.group(sue, 'ACTIVE')).length === cases.length,
    );
    equal((await stable(sue, 'ACTIVE')).sort(), sorted(cases), 'what came');
  });
  await Promise.all(cases.map((one) => lists.act('closeSession', dan, one)));
  for (const who of [dan, sue]) {
    await step(`Closed: of those that were closed at once all come, for ${who.as}`, async () => {
      const come = async () => {
        const seen = ids(await scene.group(who, 'CLOSED'));
        return cases.every(({ id }) => seen.includes(id));
      };
      await eventually('all in CLOSED', come);
      equal((await stable(who, 'CLOSED')).sort(), sorted(cases), 'what came');
    });
  }
}
