// @ts-check
// Handing a session to another, and putting it back into the queue.

import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { visit } from '../lib/visit.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(
    origin,
    {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      sue: ['SUPERVISOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
    },
    { elsewhere: { eve: ['OPERATOR'] }, others: ['kim', 'other/ann'] },
  );
  await hand(scene);
  await toWhom(scene);
  await comments(scene);
  await giveBack(scene);
  await races(scene);
  await scene.end();
}

/**
 * @param {Scene} scene
 * @param {Employee} by
 * @param {string} sessionId
 * @param {Employee} to
 */
const assign = (scene, by, sessionId, to) =>
  scene.act(by, 'assignSession', { sessionId, employeeId: to.id });

/** @param {Scene} scene */
async function hand(scene) {
  const { ann, bob, sue, dan } = scene.people;
  chapter('By whom');

  await step(
    'an operator hands their own session to another: it is out of their sight',
    async () => {
      const { id } = await scene.assigned(ann);
      const { session } = await assign(scene, ann, id, bob);
      equal(session, null, 'what ann is answered');
      equal(await scene.session(ann, id), null, 'the session for ann');
      equal((await scene.session(bob, id)).operator.id, bob.id, 'whose it is');
    },
  );
  await step('a supervisor hands on any session, and still sees it', async () => {
    const { id } = await scene.assigned(ann);
    const { session } = await assign(scene, sue, id, bob);
    equal([session.state, session.operator.id], ['ASSIGNED', bob.id], 'what sue is answered');
    equal(await scene.session(ann, id), null, 'the session for ann');
  });
  await step('a supervisor hands out queued ones too', async () => {
    const { id } = await scene.queued(sue);
    const { session } = await assign(scene, sue, id, ann);
    equal([session.state, session.operator.id], ['ASSIGNED', ann.id], 'the session');
  });
  await step('who is both gives one to themselves: queued, and of another', async () => {
    const queued = await scene.queued(sue);
    equal((await assign(scene, dan, queued.id, dan)).session.operator.id, dan.id, 'queued');
    const { id } = await scene.assigned(ann);
    equal((await assign(scene, dan, id, dan)).session.operator.id, dan.id, "ann's");
  });
  await step('an operator does not hand out what is queued: NOT_ASSIGNED', async () => {
    const { id } = await scene.queued(sue);
    const args = { sessionId: id, employeeId: bob.id };
    await scene.refused(ann, 'assignSession', args, 'NOT_ASSIGNED');
    equal((await scene.session(sue, id)).state, 'QUEUED', 'the session');
  });
  await step('assigning to who has it changes nothing, and is no error', async () => {
    const { id } = await scene.assigned(ann);
    const before = await scene.marks(sue, [id]);
    for (const by of [ann, sue]) {
      equal((await assign(scene, by, id, ann)).session.operator.id, ann.id, `by ${by.as}`);
    }
    equal(await scene.marks(sue, [id]), before, 'the session');
  });
}

/** @param {Scene} scene */
async function toWhom(scene) {
  const { ann, bob, sue, eve, kim, 'other/ann': stranger } = scene.people;
  chapter('To whom');
  const { id } = await scene.assigned(ann);
  const waits = await scene.queued(sue);

  /** @type {Map<string, string[] | null>} what the refusals said that they were about */
  const fields = new Map();

  /**
   * @param {string} employeeId
   * @param {string} code
   */
  const refused = async (employeeId, code) => {
    for (const sessionId of [id, waits.id]) {
      const before = await scene.marks(sue, [sessionId]);
      const args = { sessionId, employeeId };
      const { error, session } = await scene.refused(sue, 'assignSession', args, code);
      equal(await scene.marks(sue, [sessionId]), before, 'the session');
      equal(session?.id ?? sessionId, sessionId, 'the session of the answer');
      equal(error.code, code, 'the refusal');
      fields.set(code, error.field);
    }
  };
  for (const [what, who] of /** @type {[string, Employee][]} */ ([
    ['a supervisor', sue],
    ['an operator elsewhere', eve],
    ['who has no role', kim],
  ])) {
    await step(`${what} is no operator of the live chat: NOT_AN_OPERATOR`, () =>
      refused(who.id, 'NOT_AN_OPERATOR'),
    );
  }
  await step('an operator who is offline: OPERATOR_OFFLINE, with the field', async () => {
    await scene.go(bob, 'OFFLINE');
    await refused(bob.id, 'OPERATOR_OFFLINE');
    equal(fields.get('OPERATOR_OFFLINE'), ['employeeId'], 'the field');
    await scene.go(bob, 'ONLINE');
  });
  for (const [what, employeeId] of [
    ['an employee of another tenant', stranger.id],
    ['what is no id', 'nonsense'],
    ['an id of something else', id],
  ]) {
    await step(`${what} does not exist: NOT_FOUND`, () => refused(employeeId, 'NOT_FOUND'));
  }
  await step('NOT_AN_OPERATOR tells by its field that it is about the employee', () =>
    equal(fields.get('NOT_AN_OPERATOR'), ['employeeId'], 'the field'),
  );
  await step('NOT_FOUND tells by its field that it is about the employee', () =>
    equal(fields.get('NOT_FOUND'), ['employeeId'], 'the field'),
  );
  await step('sessions of who goes offline stay theirs', async () => {
    await scene.go(ann, 'OFFLINE');
    const session = await scene.session(sue, id);
    equal([session.state, session.operator.id], ['ASSIGNED', ann.id], 'the session');
    await scene.go(ann, 'ONLINE');
  });
}

/** @param {Scene} scene */
async function comments(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('With a comment');
  const { id, reads } = await visit(scene, 'Zoe');
  await scene.act(ann, 'claimSession', { sessionId: id });
  const last = async () => (await scene.dialog(sue, id)).at(-1);

  await step('of an assignment: the next operator reads it in the dialog', async () => {
    const args = { sessionId: id, employeeId: bob.id, comment: 'About the chair' };
    await scene.act(ann, 'assignSession', args);
    const { kind, text, author } = (await scene.dialog(bob, id)).at(-1);
    equal([kind, text, author.id], ['NOTE', 'About the chair', ann.id], 'the last entry');
  });
  await step('of a return: who takes it next reads it in the dialog', async () => {
    await scene.act(bob, 'returnSession', { sessionId: id, comment: 'Not for me' });
    const { kind, text, author } = (await scene.dialog(ann, id)).at(-1);
    equal([kind, text, author.id], ['NOTE', 'Not for me', bob.id], 'the last entry');
  });
  await step('the client reads none of it', async () => {
    equal(
      (await reads()).map((/** @type {any} */ one) => one.text),
      ['Good morning'],
      'it',
    );
  });
  await step('of 1 and of 1000 code points is good', async () => {
    for (const comment of ['a', '😀'.repeat(1000)]) {
      await scene.act(sue, 'assignSession', { sessionId: id, employeeId: ann.id, comment });
      equal((await last()).text, comment, 'the comment of the assignment');
      await scene.act(ann, 'returnSession', { sessionId: id, comment });
      equal((await last()).text, comment, 'the comment of the return');
    }
  });
  for (const [what, comment] of [
    ['of no', ''],
    ['of 1001', '😀'.repeat(1001)],
  ]) {
    await step(`${what} code points is INVALID, and nothing is done`, async () => {
      const before = await scene.marks(sue, [id]);
      for (const [act, more] of /** @type {const} */ ([
        ['assignSession', { employeeId: ann.id }],
        ['returnSession', {}],
      ])) {
        const args = { sessionId: id, comment, ...more };
        const { error } = await scene.refused(sue, act, args, 'INVALID');
        equal(error.field, ['comment'], 'the field');
      }
      equal(await scene.marks(sue, [id]), before, 'the session');
    });
  }
}

/** @param {Scene} scene */
async function giveBack(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('Back into the queue');

  await step('by its operator: everybody can take it again', async () => {
    const { id } = await scene.assigned(ann);
    const { session } = await scene.act(ann, 'returnSession', { sessionId: id });
    equal([session.state, session.operator, session.isNew], ['QUEUED', null, true], 'the session');
    equal((await scene.act(bob, 'claimSession', { sessionId: id })).session.id, id, 'taken by bob');
  });
  await step('by a supervisor', async () => {
    const { id } = await scene.assigned(ann);
    const { session } = await scene.act(sue, 'returnSession', { sessionId: id });
    equal([session.state, session.operator], ['QUEUED', null], 'the session');
    equal((await scene.session(ann, id)).state, 'QUEUED', 'for ann, in the queue');
  });
  await step('a queued one: changes nothing, and is no error, with a comment as well', async () => {
    const { id } = await scene.queued(sue);
    const before = await scene.marks(sue, [id]);
    for (const more of [{}, { comment: 'Still' }]) {
      const { session } = await scene.act(sue, 'returnSession', { sessionId: id, ...more });
      equal(session.state, 'QUEUED', 'the session');
    }
    equal(await scene.marks(sue, [id]), before, 'its version and last number');
  });
  await step('the messages that came and went stay in it', async () => {
    const one = await scene.assigned(ann);
    await scene.send(ann, one.id, 'An answer');
    await scene.act(ann, 'returnSession', { sessionId: one.id });
    const texts = (await scene.dialog(bob, one.id)).filter(({ kind }) => kind !== 'EVENT');
    equal(
      texts.map(({ text }) => text),
      ['Good morning', 'An answer'],
      'the dialog for bob',
    );
  });
}

/** @param {Scene} scene */
async function races(scene) {
  const { ann, bob, sue, dan } = scene.people;
  chapter('At once');
  await step(
    'two assign to different operators: one has it, and both are in the dialog',
    async () => {
      const { id } = await scene.assigned(ann);
      await Promise.all([assign(scene, sue, id, bob), assign(scene, dan, id, dan)]);
      const events = (await scene.dialog(sue, id)).filter(
        ({ event }) => event?.kind === 'ASSIGNED',
      );
      equal(events.length, 2, 'how many assignments there are');
      equal(events[0].event.from.id, ann.id, 'from whom the first was');
      equal(events[1].event.from.id, events[0].event.to.id, 'from whom the second was');
      equal((await scene.session(sue, id)).operator.id, events[1].event.to.id, 'whose it is');
    },
  );
  await step('a return and a reply: the reply is before it, or claims it again', async () => {
    const { id } = await scene.assigned(ann);
    const [, sent] = await Promise.all([
      scene.act(sue, 'returnSession', { sessionId: id }),
      scene.send(ann, id, 'Right in time'),
    ]);
    holds(sent.message, 'it is sent');
    const kinds = (await scene.dialog(sue, id)).map(({ event, kind }) => event?.kind ?? kind);
    const [before, after] = [
      ['CLIENT', 'CLAIMED', 'OPERATOR', 'RETURNED'],
      ['CLIENT', 'CLAIMED', 'RETURNED', 'CLAIMED', 'OPERATOR'],
    ];
    holds(
      [before, after].some((one) => one.join() === kinds.join()),
      `${kinds} is one of both`,
    );
  });
}
