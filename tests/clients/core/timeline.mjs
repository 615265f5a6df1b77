// @ts-check
// What happened to a session stands in its dialog: for employees, with structure; never for clients.

import { equal, eventually, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { visit } from '../lib/visit.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
    dan: ['OPERATOR', 'SUPERVISOR'],
  });
  const { company } = scene;
  const app = await company.ada.createApp(company.named('Orders'), 'REQUEST');
  await company.ada.setLiveChatApps(company.id(), [app]);
  await kinds(scene, app);
  await quiet(scene, app);
  await hidden(scene);
  await removal(scene);
  await scene.end();
}

/**
 * The entries that an act added to a dialog.
 * @param {Scene} scene
 * @param {string} id of the session
 * @param {() => Promise<unknown>} act
 */
async function added(scene, id, act) {
  const before = await scene.dialog(scene.people.sue, id);
  await act();
  const after = await scene.dialog(scene.people.sue, id);
  return after.slice(before.length);
}

/**
 * @param {Scene} scene
 * @param {string} app
 */
async function kinds(scene, app) {
  const { ann, bob, sue, dan } = scene.people;
  const one = await scene.queued(sue);
  const sessionId = one.id;
  let itemId = '';
  const person = (/** @type {Employee} */ who) => ({ id: who.id, name: capital(who.as) });
  const nothing = { from: null, to: null, name: null, item: null };
  const create = async () => {
    const args = { sessionId, appId: app, title: 'A blue chair' };
    itemId = (await scene.act(bob, 'createAndBindItem', args)).item.id;
  };
  const item = () => ({ item: { id: itemId, title: 'A blue chair' } });
  const next = { liveChatId: scene.liveChatId };
  const told = (/** @type {{ employeeId: string, comment?: string }} */ args) =>
    scene.act(sue, 'assignSession', { sessionId, ...args });
  chapter('Each kind');

  /** @type {[what: string, by: Employee, act: () => Promise<unknown>, event: () => {}, note?: string][]} */
  const story = [
    [
      'CLAIMED, by a claim',
      ann,
      () => scene.act(ann, 'claimSession', { sessionId }),
      () => ({ kind: 'CLAIMED', to: person(ann) }),
    ],
    [
      'RETURNED, by its operator',
      ann,
      () => scene.act(ann, 'returnSession', { sessionId }),
      () => ({ kind: 'RETURNED', from: person(ann) }),
    ],
    [
      'CLAIMED, by a call for the next',
      bob,
      () => scene.act(bob, 'claimNextSession', next),
      () => ({ kind: 'CLAIMED', to: person(bob) }),
    ],
    [
      'ASSIGNED, by its operator',
      bob,
      () => scene.act(bob, 'assignSession', { sessionId, employeeId: dan.id }),
      () => ({ kind: 'ASSIGNED', from: person(bob), to: person(dan) }),
    ],
    [
      'RETURNED, by a supervisor, with a comment',
      sue,
      () => scene.act(sue, 'returnSession', { sessionId, comment: 'Not now' }),
      () => ({ kind: 'RETURNED', from: person(dan) }),
      'Not now',
    ],
    [
      'ASSIGNED, from the queue, by a supervisor, with a comment',
      sue,
      () => told({ employeeId: bob.id, comment: 'Please' }),
      () => ({ kind: 'ASSIGNED', to: person(bob) }),
      'Please',
    ],
    [
      'RENAMED',
      bob,
      () => scene.act(bob, 'renameSession', { sessionId, name: 'Chairs' }),
      () => ({ kind: 'RENAMED', name: 'Chairs' }),
    ],
    ['BOUND, to a new item', bob, create, () => ({ kind: 'BOUND', ...item() })],
    [
      'UNBOUND',
      bob,
      () => scene.act(bob, 'unbindItem', { sessionId, itemId }),
      () => ({ kind: 'UNBOUND', ...item() }),
    ],
    [
      'BOUND, to an item that was there',
      sue,
      () => scene.act(sue, 'bindItem', { sessionId, itemId }),
      () => ({ kind: 'BOUND', ...item() }),
    ],
    [
      'CLOSED',
      bob,
      () => scene.act(bob, 'closeSession', { sessionId }),
      () => ({ kind: 'CLOSED' }),
    ],
  ];
  for (const [what, by, act, event, note] of story) {
    await step(`${what}: with its author and what it changed`, async () => {
      const [entry, ...rest] = await added(scene, sessionId, act);
      equal([entry.kind, entry.author.id], ['EVENT', by.id], 'the entry, and by whom');
      // Who had it at the close may be said as well.
      const { kind } = entry.event;
      const said = kind === 'CLOSED' ? { ...entry.event, from: null } : entry.event;
      equal(said, { ...nothing, ...event() }, 'the event');
      equal([entry.channel, entry.replyTo], [null, null], 'channel and quote');
      equal(
        rest.map((one) => [one.kind, one.text, one.author.id]),
        note === undefined ? [] : [['NOTE', note, by.id]],
        'the comment',
      );
      holds(/^\S[^\n]*\.$/.test(entry.text), `"${entry.text}" is one plain sentence`);
    });
  }
  await step('CLAIMED, by a reply: before the reply', async () => {
    const { id } = await scene.queued(sue);
    const entries = await added(scene, id, () => scene.send(ann, id, 'I have it'));
    equal(
      entries.map((entry) => entry.event?.kind ?? entry.text),
      ['CLAIMED', 'I have it'],
      'they',
    );
    equal(entries[0].event.to, person(ann), 'to whom');
  });
  await step('CLOSED, in the queue', async () => {
    const { id } = await scene.queued(sue);
    const [entry] = await added(scene, id, () => scene.act(sue, 'closeSession', { sessionId: id }));
    equal([entry.event.kind, entry.author.id], ['CLOSED', sue.id], 'it');
  });
  await step('event is null for all that are not of kind EVENT', async () => {
    const entries = await scene.dialog(sue, sessionId);
    for (const entry of entries) equal(entry.event !== null, entry.kind === 'EVENT', entry.text);
  });
}

/**
 * @param {Scene} scene
 * @param {string} app
 */
async function quiet(scene, app) {
  const { ann, sue } = scene.people;
  chapter('What is no event');
  const one = await scene.assigned(ann);
  const sessionId = one.id;
  const args = { sessionId, appId: app, title: 'A red chair' };
  const itemId = (await scene.act(ann, 'createAndBindItem', args)).item.id;
  const waits = await scene.queued(sue);
  const same = { sessionId, employeeId: ann.id };
  /** @type {[what: string, id: string, act: () => Promise<unknown>][]} */
  const acts = [
    ['claiming what is mine', sessionId, () => scene.act(ann, 'claimSession', { sessionId })],
    ['assigning to who has it', sessionId, () => scene.act(sue, 'assignSession', same)],
    [
      'returning a queued one',
      waits.id,
      () => scene.act(sue, 'returnSession', { sessionId: waits.id }),
    ],
    ['binding twice', sessionId, () => scene.act(ann, 'bindItem', { sessionId, itemId })],
    [
      'marking as read',
      sessionId,
      () => scene.act(ann, 'markSessionRead', { sessionId, upToSeq: 1 }),
    ],
    [
      'what is refused',
      sessionId,
      () =>
        scene.refused(ann, 'assignSession', { sessionId, employeeId: sue.id }, 'NOT_AN_OPERATOR'),
    ],
  ];
  for (const [what, id, act] of acts) {
    await step(`${what} adds no entry`, async () =>
      equal(await added(scene, id, act), [], 'entries'),
    );
  }
  await scene.act(ann, 'closeSession', { sessionId });
  const closed = (/** @type {Employee} */ who) =>
    /** @type {[what: string, act: () => Promise<unknown>][]} */ ([
      ['renaming', () => scene.act(who, 'renameSession', { sessionId, name: `By ${who.as}` })],
      ['unbinding', () => scene.act(who, 'unbindItem', { sessionId, itemId })],
      ['binding', () => scene.act(who, 'bindItem', { sessionId, itemId })],
      ['closing', () => scene.act(who, 'closeSession', { sessionId })],
    ]);
  for (const who of [ann, sue]) {
    for (const [what, act] of closed(who)) {
      await step(`${what} a closed one, by ${who.as}, adds no entry`, async () =>
        equal(await added(scene, sessionId, act), [], 'entries'),
      );
    }
  }
  await step('and yet the closed one has its new name', async () => {
    equal((await scene.session(ann, sessionId)).name, 'By sue', 'its name');
  });
}

/** @param {Scene} scene */
async function hidden(scene) {
  const { ann, sue } = scene.people;
  chapter('For clients');
  const { client, id, reads } = await visit(scene, 'Zoe');
  client.open();
  await step('no client reads of events and notes, and their numbers leave no hole', async () => {
    await scene.act(ann, 'claimSession', { sessionId: id });
    await scene.note(ann, id, 'Not for Zoe');
    await scene.act(sue, 'renameSession', { sessionId: id, name: 'Named' });
    await scene.send(ann, id, 'For Zoe');
    await client.post('Thank you');
    const seen = await reads();
    equal(
      seen.map((/** @type {any} */ one) => [one.seq, one.text]),
      [
        [1, 'Good morning'],
        [2, 'For Zoe'],
        [3, 'Thank you'],
      ],
      'what Zoe reads',
    );
  });
  await step('nor is any of it pushed to them', async () => {
    await client.messages.next('the last message', ({ text }) => text === 'Thank you');
    equal(
      client.messages.all.map(({ text }) => text),
      ['Good morning', 'For Zoe', 'Thank you'],
      'it',
    );
  });
  await step('events and notes are never unread', async () => {
    await scene.act(ann, 'markSessionRead', { sessionId: id, upToSeq: 1 });
    const before = (await scene.session(ann, id)).unreadCount;
    await scene.note(sue, id);
    await scene.act(sue, 'renameSession', { sessionId: id, name: 'Named again' });
    equal((await scene.session(ann, id)).unreadCount, before, 'unreadCount');
  });
}

/** @param {Scene} scene */
async function removal(scene) {
  const { bob, sue } = scene.people;
  chapter('Of who is operator no more');
  await step('their open sessions go back to the queue: RETURNED, from them', async () => {
    const one = await scene.assigned(bob);
    await scene.company.appoint('bob', []);
    const entries = await eventually('the return', async () => {
      const found = await scene.dialog(sue, one.id);
      return found.some(({ event }) => event?.kind === 'RETURNED') ? found : undefined;
    });
    equal(entries.at(-1).event.from.id, bob.id, 'from whom');
    equal((await scene.session(sue, one.id)).state, 'QUEUED', 'the session');
  });
}

/** @param {string} name */
const capital = (name) => name[0].toUpperCase() + name.slice(1);
