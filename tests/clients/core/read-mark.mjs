// @ts-check
// What is unread, for whom, and what the marks of reading move.

import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */
/** @typedef {import('../lib/scene.mjs').Case} Case */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
    dan: ['OPERATOR', 'SUPERVISOR'],
  });
  const desk = new Desk(scene);
  await counts(desk);
  await read(desk);
  await unread(desk);
  await onlookers(desk);
  await bounds(desk);
  await scene.end();
}

class Desk {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.ann = scene.people.ann;
    this.bob = scene.people.bob;
    this.sue = scene.people.sue;
    this.dan = scene.people.dan;
  }

  /**
   * Three messages of a client, in a session that ann has: 1, 2 and 4; 3 is the claim.
   * @returns {Promise<Case>}
   */
  async three() {
    const one = await this.scene.queued(this.sue);
    await one.write('Second');
    await this.scene.act(this.ann, 'claimSession', { sessionId: one.id });
    await one.write('Third');
    return one;
  }

  /**
   * How much is unread, as everybody who sees it is told.
   * @param {Case} one
   * @param {Employee[]} people
   */
  async unread(one, ...people) {
    const seen = await Promise.all(people.map((who) => this.scene.session(who, one.id)));
    const counts = new Set(seen.map((session) => session.unreadCount));
    equal(counts.size, 1, `how many numbers there are for ${people.map(({ as }) => as)}`);
    return [...counts][0];
  }

  /**
   * Up to where somebody has read.
   * @param {Employee} who
   * @param {Case} one
   */
  async line(who, one) {
    return (await this.scene.session(who, one.id)).viewerReadSeq;
  }

  /**
   * @param {Employee} who
   * @param {Case} one
   * @param {number} upToSeq
   */
  async read(who, one, upToSeq) {
    const args = { sessionId: one.id, upToSeq };
    return (await this.scene.act(who, 'markSessionRead', args)).session;
  }

  /**
   * @param {Employee} who
   * @param {Case} one
   * @param {number} fromSeq
   */
  async unreadFrom(who, one, fromSeq) {
    const args = { sessionId: one.id, fromSeq };
    return (await this.scene.act(who, 'markSessionUnread', args)).session;
  }
}

/** @param {Desk} desk */
async function counts(desk) {
  const { scene, ann, bob, sue, dan } = desk;
  chapter('How much is unread');
  const one = await scene.queued(sue);

  await step('of a queued session all, whoever read it', async () => {
    await one.write('Second');
    for (const who of [ann, sue]) await desk.read(who, one, 2);
    equal(await desk.unread(one, ann, bob, sue, dan), 2, 'unreadCount for everybody');
  });
  await step('claiming does not read', async () => {
    const { session } = await scene.act(bob, 'claimSession', { sessionId: one.id });
    equal(session.unreadCount, 2, 'unreadCount');
  });
  await step('looking at it does not read', async () => {
    await scene.dialog(bob, one.id);
    equal(await desk.unread(one, bob, sue, dan), 2, 'unreadCount for everybody');
  });
  await step('of an assigned one those that its operator has not read', async () => {
    equal((await desk.read(bob, one, 1)).unreadCount, 1, 'unreadCount');
    equal(await desk.unread(one, bob, sue, dan), 1, 'unreadCount for everybody');
  });
  await step('a reassignment carries the unread over', async () => {
    await scene.act(sue, 'assignSession', { sessionId: one.id, employeeId: ann.id });
    equal(await desk.unread(one, ann, sue, dan), 1, 'unreadCount for everybody');
  });
  await step('being assigned does not read', async () => {
    equal(await desk.line(ann, one), 1, 'the line of the new operator');
    equal(await desk.unread(one, ann, sue, dan), 1, 'unreadCount for everybody');
  });
  await step('a return to the queue makes the whole session unread again', async () => {
    await desk.read(ann, one, 2);
    await scene.act(ann, 'returnSession', { sessionId: one.id });
    equal(await desk.unread(one, ann, bob, sue, dan), 2, 'unreadCount for everybody');
  });
  await step('own messages, notes and events are never unread', async () => {
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    await scene.note(sue, one.id);
    await scene.act(sue, 'renameSession', { sessionId: one.id, name: 'Named' });
    equal(await desk.unread(one, ann, sue), 2, 'with a note and events');
    await scene.send(ann, one.id);
    await scene.note(sue, one.id);
    equal(await desk.unread(one, ann, sue), 0, 'after an answer and another note');
  });
  await step('of a closed one 0', async () => {
    await one.write('Third');
    equal(await desk.unread(one, ann, sue), 1, 'before');
    await scene.act(ann, 'closeSession', { sessionId: one.id });
    equal(await desk.unread(one, ann, sue, dan), 0, 'after');
    await scene.act(ann, 'markSessionUnread', { sessionId: one.id, fromSeq: 1 });
    equal(await desk.unread(one, ann, sue, dan), 0, 'marked unread');
  });
  await step('of a session that follows, those of this session only', async () => {
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    equal(await desk.unread(again, ann, bob, sue, dan), 1, 'unreadCount for everybody');
  });
}

/** @param {Desk} desk */
async function read(desk) {
  const { scene, ann, sue } = desk;
  chapter('Marked as read');
  const one = await desk.three();

  await step('up to an entry: what stands after it stays unread', async () => {
    const session = await desk.read(ann, one, 1);
    equal([session.unreadCount, session.viewerReadSeq], [2, 1], 'after the first');
    const second = await desk.read(ann, one, 2);
    equal([second.unreadCount, second.viewerReadSeq], [1, 2], 'after the second');
  });
  await step('up to an event: the messages before it', async () => {
    const session = await desk.read(ann, one, 3);
    equal([session.unreadCount, session.viewerReadSeq], [1, 3], 'after the claim');
  });
  await step('it never moves back', async () => {
    const session = await desk.read(ann, one, 1);
    equal([session.unreadCount, session.viewerReadSeq], [1, 3], 'after the first again');
  });
  await step('beyond the last: INVALID, and nothing is read', async () => {
    const [before] = await scene.marks(sue, [one.id]);
    const args = { sessionId: one.id, upToSeq: before.messages.nodes[0].seq + 1 };
    const { error } = await scene.refused(ann, 'markSessionRead', args, 'INVALID');
    equal(error.field, ['upToSeq'], 'the field');
    equal(await scene.marks(sue, [one.id]), [before], 'the session');
  });
  await step('up to the last: nothing is unread', async () => {
    equal((await desk.read(ann, one, 4)).unreadCount, 0, 'unreadCount');
    equal(await desk.unread(one, ann, sue), 0, 'unreadCount for everybody');
  });
  await step('read again changes nothing', async () => {
    const before = await scene.marks(sue, [one.id]);
    await desk.read(ann, one, 4);
    equal(await scene.marks(sue, [one.id]), before, 'the session');
  });
  await step("before this session's first: changes nothing, and is no error", async () => {
    await scene.act(ann, 'closeSession', { sessionId: one.id });
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    await scene.act(ann, 'claimSession', { sessionId: again.id });
    const before = await scene.session(ann, again.id);
    const session = await desk.read(ann, again, 2);
    equal(session, before, 'the session');
    equal(session.unreadCount, 1, 'unreadCount');
  });
}

/** @param {Desk} desk */
async function unread(desk) {
  const { scene, ann, sue } = desk;
  chapter('Marked as unread');
  const one = await desk.three();
  await desk.read(ann, one, 4);

  await step('from an entry on: the messages of the client from there on are unread', async () => {
    const session = await desk.unreadFrom(ann, one, 2);
    equal([session.unreadCount, session.viewerReadSeq], [2, 1], 'from the second');
    equal(await desk.unread(one, ann, sue), 2, 'unreadCount for everybody');
  });
  await step('from an event on: those after it', async () => {
    await desk.read(ann, one, 4);
    equal((await desk.unreadFrom(ann, one, 3)).unreadCount, 1, 'from the claim');
  });
  await step('from the first on: all', async () => {
    equal((await desk.unreadFrom(ann, one, 1)).unreadCount, 3, 'from the first');
  });
  await step('it never reads: from the last on, when all is unread, all stays so', async () => {
    equal((await desk.unreadFrom(ann, one, 4)).unreadCount, 3, 'unreadCount');
  });
  await step('offline as well: read and unread', async () => {
    await scene.go(ann, 'OFFLINE');
    equal((await desk.read(ann, one, 4)).unreadCount, 0, 'read');
    equal((await desk.unreadFrom(ann, one, 4)).unreadCount, 1, 'unread');
    await scene.go(ann, 'ONLINE');
  });
}

/** @param {Desk} desk */
async function onlookers(desk) {
  const { scene, ann, bob, sue, dan } = desk;
  chapter("Anybody else's reading");
  const one = await desk.three();

  await step('moves only their own line', async () => {
    const before = await scene.session(ann, one.id);
    const session = await desk.read(sue, one, 4);
    equal([session.viewerReadSeq, session.unreadCount], [4, 3], 'as sue sees it');
    equal(await desk.line(dan, one), 0, "dan's line");
    const after = await scene.session(ann, one.id);
    equal(
      [after.viewerReadSeq, after.unreadCount],
      [before.viewerReadSeq, before.unreadCount],
      'as ann sees it',
    );
  });
  await step('marked unread moves only their own line', async () => {
    await desk.read(ann, one, 4);
    const session = await desk.unreadFrom(sue, one, 2);
    equal([session.viewerReadSeq, session.unreadCount], [1, 0], 'as sue sees it');
    equal(await desk.line(ann, one), 4, "ann's line");
  });
  await step('of a queued session: an operator has a line of their own', async () => {
    const waits = await scene.queued(sue);
    await waits.write('Second');
    const session = await desk.read(bob, waits, 1);
    equal([session.viewerReadSeq, session.unreadCount], [1, 2], 'as bob sees it');
    equal([await desk.line(ann, waits), await desk.line(sue, waits)], [0, 0], 'other lines');
  });
  await step('never moves back', async () => {
    await desk.read(dan, one, 3);
    equal((await desk.read(dan, one, 1)).viewerReadSeq, 3, "dan's line");
  });
  await step('beyond the last: INVALID', () =>
    scene.refused(dan, 'markSessionRead', { sessionId: one.id, upToSeq: 5 }, 'INVALID'),
  );
  await step('a line runs on into the next session of the dialog', async () => {
    await scene.act(ann, 'closeSession', { sessionId: one.id });
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    holds((await desk.line(dan, again)) >= 3, 'dan had read up to 3');
    equal((await desk.read(dan, again, 6)).viewerReadSeq, 6, "dan's line");
    equal((await desk.read(dan, again, 2)).viewerReadSeq, 6, 'and not back');
  });
}

/** @param {Desk} desk */
async function bounds(desk) {
  const { scene, ann, sue } = desk;
  chapter('Bounds');
  const one = await desk.three();
  for (const [act, args] of /** @type {const} */ ([
    ['markSessionRead', { upToSeq: -1 }],
    ['markSessionUnread', { fromSeq: -1 }],
    ['markSessionUnread', { fromSeq: 5 }],
  ])) {
    const [[field, value]] = Object.entries(args);
    await step(`${act} with ${field} ${value} raises nothing that is read`, async () => {
      const before = await scene.marks(sue, [one.id]);
      const { refusal, faults } = await scene.attempt(ann, act, { sessionId: one.id, ...args });
      holds(['INVALID', null].includes(refusal) && faults.length === 0, 'it is answered');
      equal(await scene.marks(sue, [one.id]), before, 'the session');
    });
  }
}
