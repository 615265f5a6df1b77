// @ts-check
// Closing a session: what stays, what is over, and messages that come at the same time.

import { ids } from '../lib/connection.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
    dan: ['OPERATOR', 'SUPERVISOR'],
  });
  await byWhom(scene);
  await after(scene);
  await over(scene);
  await unseen(scene);
  await races(scene);
  await scene.end();
}

/** @param {Scene} scene */
async function byWhom(scene) {
  const { ann, bob, sue, dan } = scene.people;
  chapter('By whom');
  for (const [what, who] of /** @type {[string, Employee][]} */ ([
    ['its operator', ann],
    ['a supervisor', sue],
    ['who is both', dan],
  ])) {
    await step(`${what} closes it`, async () => {
      const { id } = await scene.assigned(ann);
      const { session } = await scene.act(who, 'closeSession', { sessionId: id });
      equal([session.state, session.operator.id], ['CLOSED', ann.id], 'the session');
    });
  }
  await step('a supervisor closes what is queued; an operator does not: NOT_ASSIGNED', async () => {
    const { id } = await scene.queued(sue);
    await scene.refused(bob, 'closeSession', { sessionId: id }, 'NOT_ASSIGNED');
    equal((await scene.session(sue, id)).state, 'QUEUED', 'the session');
    const { session } = await scene.act(sue, 'closeSession', { sessionId: id });
    equal([session.state, session.operator], ['CLOSED', null], 'the session');
  });
  await step('closing a closed one is no error, and changes nothing', async () => {
    const { id } = await scene.closed(ann);
    const before = await scene.marks(sue, [id]);
    for (const who of [ann, sue, dan]) {
      for (const more of [{}, { lastSeq: 0 }]) {
        const { session } = await scene.act(who, 'closeSession', { sessionId: id, ...more });
        equal(session.state, 'CLOSED', `for ${who.as}`);
      }
    }
    equal(await scene.marks(sue, [id]), before, 'its version and last number');
  });
}

/** @param {Scene} scene */
async function after(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('What comes after');
  const one = await scene.assigned(ann);
  await scene.send(ann, one.id, 'An answer');
  const before = await scene.dialog(ann, one.id);
  await scene.act(ann, 'closeSession', { sessionId: one.id });

  await step('the history stays', async () => {
    for (const who of [ann, sue]) {
      equal((await scene.dialog(who, one.id)).slice(0, -1), before, `for ${who.as}`);
    }
  });
  await step('it is out of the sight of operators who did not have it', async () => {
    equal(await scene.session(bob, one.id), null, 'for bob');
  });
  await step('a message after the close opens a new session, unassigned', async () => {
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    holds(again.id !== one.id, 'it is another');
    const session = await scene.session(bob, again.id);
    equal([session.state, session.operator, session.unreadCount], ['QUEUED', null, 1], 'it');
    equal((await scene.session(sue, one.id)).state, 'CLOSED', 'the closed one stays closed');
  });
}

/** @param {Scene} scene */
async function over(scene) {
  const { ann, bob, sue, dan } = scene.people;
  const { company } = scene;
  chapter('What is over');
  const app = await company.ada.createApp(company.named('Orders'), 'REQUEST');
  await company.ada.setLiveChatApps(company.id(), [app]);
  const { id } = await scene.closed(ann);
  const sessionId = id;
  const send = { sessionId, text: 'Late', clientMessageId: 'late' };
  for (const [act, args] of /** @type {const} */ ([
    ['sendMessage', send],
    ['addNote', send],
    ['claimSession', { sessionId }],
    ['assignSession', { sessionId, employeeId: bob.id }],
    ['returnSession', { sessionId }],
  ])) {
    await step(`${act}: SESSION_CLOSED, and nothing changes`, async () => {
      const before = await scene.marks(sue, [id]);
      const isAnswer = act === 'sendMessage' || act === 'claimSession';
      for (const who of isAnswer ? [ann, dan] : [ann, sue, dan]) {
        const { session } = await scene.refused(who, act, args, 'SESSION_CLOSED');
        equal(session?.state ?? 'CLOSED', 'CLOSED', `the session for ${who.as}`);
      }
      equal(await scene.marks(sue, [id]), before, 'the session');
    });
  }
  for (const who of [ann, sue, dan]) {
    await step(`it can be renamed and bound by ${who.as}, without an entry`, async () => {
      const before = await scene.dialog(sue, id);
      const name = `By ${who.as}`;
      const renamed = await scene.act(who, 'renameSession', { sessionId, name });
      equal([renamed.session.name, renamed.session.state], [name, 'CLOSED'], 'renamed');
      const bound = await scene.act(who, 'createAndBindItem', {
        sessionId,
        appId: app,
        title: name,
      });
      const itemId = bound.item.id;
      equal(await items(scene, id, who), [itemId], 'bound');
      await scene.act(who, 'unbindItem', { sessionId, itemId });
      equal(await items(scene, id, who), [], 'unbound');
      equal(await scene.dialog(sue, id), before, 'the dialog');
    });
  }
  await step('not by an operator who did not have it', async () => {
    await scene.refused(bob, 'renameSession', { sessionId, name: 'No' }, 'NOT_FOUND');
  });
}

/**
 * @param {Scene} scene
 * @param {string} id
 * @param {Employee} who
 */
async function items(scene, id, who) {
  const query = 'query ($id: ID!) { viewer { session(id: $id) { bindings { item { id } } } } }';
  const { viewer } = await scene.ask(who, query, { id });
  return ids(viewer.session.bindings.map((/** @type {any} */ one) => one.item));
}

/** @param {Scene} scene */
async function unseen(scene) {
  const { ann, sue } = scene.people;
  chapter('With lastSeq');
  await step('when the client wrote after it: UNSEEN_MESSAGE, and it stays open', async () => {
    const one = await scene.assigned(ann);
    await one.write('Wait');
    for (const who of [ann, sue]) {
      for (const lastSeq of [0, 1, 2]) {
        const before = await scene.marks(sue, [one.id]);
        const args = { sessionId: one.id, lastSeq };
        await scene.refused(who, 'closeSession', args, 'UNSEEN_MESSAGE');
        equal(await scene.marks(sue, [one.id]), before, 'the session');
      }
    }
    equal((await scene.session(ann, one.id)).state, 'ASSIGNED', 'the session');
  });
  await step('when it is that of the last message: closed', async () => {
    const one = await scene.assigned(ann);
    await one.write('Done');
    const args = { sessionId: one.id, lastSeq: 3 };
    equal((await scene.act(ann, 'closeSession', args)).session.state, 'CLOSED', 'the session');
  });
  await step('notes, events and replies after it do not hinder', async () => {
    const { id } = await scene.assigned(ann);
    await scene.send(ann, id);
    await scene.note(sue, id);
    await scene.act(sue, 'renameSession', { sessionId: id, name: 'Named' });
    const args = { sessionId: id, lastSeq: 1 };
    equal((await scene.act(ann, 'closeSession', args)).session.state, 'CLOSED', 'the session');
  });
  await step('without it, it is closed over what nobody saw', async () => {
    const one = await scene.assigned(ann);
    await one.write('Wait');
    const { session } = await scene.act(ann, 'closeSession', { sessionId: one.id });
    equal([session.state, session.unreadCount], ['CLOSED', 0], 'the session');
  });
  await step('of a queued one as well', async () => {
    const one = await scene.queued(sue);
    await one.write('Wait');
    const args = { sessionId: one.id, lastSeq: 1 };
    await scene.refused(sue, 'closeSession', args, 'UNSEEN_MESSAGE');
    await scene.act(sue, 'closeSession', { sessionId: one.id, lastSeq: 2 });
  });
}

/** @param {Scene} scene */
async function races(scene) {
  chapter('A close and a message at once');
  await step(
    'are ordered: the message is in the session, or opens the next; none is lost',
    async () => {
      await Promise.all(Array.from({ length: 10 }, () => race(scene, undefined)));
    },
  );
  await step('with lastSeq: it is refused, or the message opens the next', async () => {
    await Promise.all(Array.from({ length: 10 }, () => race(scene, 2)));
  });
  await step('twice at once: it is closed once', async () => {
    const { ann, sue } = scene.people;
    const { id } = await scene.assigned(ann);
    await Promise.all([ann, sue].map((who) => scene.act(who, 'closeSession', { sessionId: id })));
    const closes = (await scene.dialog(sue, id)).filter(({ event }) => event?.kind === 'CLOSED');
    equal(closes.length, 1, 'how many closes are in the dialog');
  });
}

/**
 * @param {Scene} scene
 * @param {number | undefined} lastSeq
 */
async function race(scene, lastSeq) {
  const { ann, sue } = scene.people;
  const one = await scene.assigned(ann);
  const [{ refusal, faults }] = await Promise.all([
    scene.attempt(ann, 'closeSession', { sessionId: one.id, lastSeq }),
    one.write('At the same time'),
  ]);
  const { state } = await scene.session(sue, one.id);
  const waits = (await scene.group(sue, 'QUEUE')).find(({ name }) => name === one.name);
  const entries = await scene.dialog(sue, waits?.id ?? one.id);
  const there = entries.filter(({ text }) => text === 'At the same time');
  equal(there.length, 1, 'how often the message is there');
  if (refusal === 'UNSEEN_MESSAGE') {
    holds(lastSeq !== undefined, 'only a lastSeq lets it be refused');
    equal([state, there[0].session.id, waits], ['ASSIGNED', one.id, undefined], 'refused');
    return;
  }
  equal([refusal, faults, state], [null, [], 'CLOSED'], 'closed');
  const isInside = there[0].session.id === one.id;
  holds(lastSeq === undefined || !isInside, 'nobody closed over a message they had not seen');
  equal(waits === undefined, isInside, 'whether the next session waits');
}
