// @ts-check
// Read positions: viewerReadSeq is everybody's own.

import * as desk from '../lib/mutations.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const SESSION = `query ($id: ID!) { viewer { session(id: $id) {
  viewerReadSeq unreadCount version messages(last: 1) { nodes { seq } }
} } }`;

/** @typedef {import('../lib/person.mjs').Person} Person */

/**
 * @param {Person} who
 * @param {string} id
 */
async function at(who, id) {
  return (await who.read(SESSION, { id })).viewer.session.viewerReadSeq;
}

/**
 * @param {Person} who
 * @param {string} id
 */
async function unread(who, id) {
  return (await who.read(SESSION, { id })).viewer.session.unreadCount;
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, {
    Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'], dan: ['SUPERVISOR'] },
  });
  const { ann, bob, sue, dan } = office.people;
  const from = crypto.randomUUID();
  const id = await office.write('Olga', undefined, { from });
  for (let count = 0; count < 3; count += 1) await office.post('Olga', 'More', { from });

  await step('of a session that nobody opened, nobody has read anything', async () => {
    for (const who of [ann, bob, sue, dan]) equal(await at(who, id), 0, who.as);
  });

  await step('markSessionRead moves viewerReadSeq of who reads, and of nobody else', async () => {
    const { session } = await sue.act(desk.READ, { id, upTo: 2 });
    equal(session.viewerReadSeq, 2, 'in the answer');
    equal(await at(sue, id), 2, 'sue');
    for (const who of [ann, bob, dan]) equal(await at(who, id), 0, who.as);
  });

  await step('of a queued session each operator has a position too', async () => {
    await bob.act(desk.READ, { id, upTo: 3 });
    equal([await at(ann, id), await at(bob, id), await at(sue, id)], [0, 3, 2], 'the positions');
    equal(await unread(ann, id), 4, 'the unread count, which is the same for everybody');
  });

  await step('a position never moves back by reading', async () => {
    await sue.act(desk.READ, { id, upTo: 1 });
    equal(await at(sue, id), 2, 'sue');
  });

  await step('a position beyond the last entry is INVALID, and changes nothing', async () => {
    const { viewer } = await sue.read(SESSION, { id });
    const upTo = viewer.session.messages.nodes[0].seq + 1;
    await sue.refused('INVALID', desk.READ, { id, upTo });
    equal(await at(sue, id), 2, 'sue');
  });

  await step('offline, one may read: the mark moves', async () => {
    await dan.act(desk.PRESENCE, { presence: 'OFFLINE' });
    await dan.act(desk.READ, { id, upTo: 1 });
    equal(await at(dan, id), 1, 'dan');
    await dan.act(desk.PRESENCE, { presence: 'ONLINE' });
  });

  await step('the assignee’s position and the unread count agree', async () => {
    await ann.act(desk.CLAIM, { id });
    await ann.act(desk.READ, { id, upTo: 2 });
    equal([await at(ann, id), await unread(ann, id)], [2, 2], 'as ann sees it');
    equal([await at(sue, id), await unread(sue, id)], [2, 2], 'as sue sees it');
  });

  await step('who looks on moves their own position, and not the unread count', async () => {
    await sue.act(desk.READ, { id, upTo: 4 });
    equal([await at(sue, id), await unread(sue, id)], [4, 2], 'as sue sees it');
    equal([await at(ann, id), await unread(ann, id)], [2, 2], 'as ann sees it');
  });

  await step('markSessionUnread moves the own position back, and nobody else’s', async () => {
    const { session } = await sue.act(desk.UNREAD, { id, from: 2 });
    equal(session.viewerReadSeq, 1, 'in the answer');
    equal([await at(sue, id), await at(ann, id)], [1, 2], 'sue and ann');
    equal(await unread(ann, id), 2, 'the unread count');
  });

  await later(office, id, from);
  await office.end();
}

/**
 * @param {Office} office
 * @param {string} earlier
 * @param {string} from
 */
async function later(office, earlier, from) {
  const { ann, sue } = office.people;
  await office.close(ann, earlier);
  const id = await office.write('Olga', undefined, { from });
  await ann.act(desk.CLAIM, { id });
  const { viewer } = await ann.read(SESSION, { id });
  const last = viewer.session.messages.nodes[0].seq;

  await step(
    'reading before this session’s first entry changes nothing, and is no error',
    async () => {
      const before = await at(sue, id);
      await sue.act(desk.READ, { id, upTo: 1 });
      equal(await at(sue, id), before, 'sue');
      await ann.act(desk.READ, { id, upTo: 1 });
      equal(await unread(ann, id), 1, 'the unread count');
    },
  );

  await step('a later session has a position of its own', async () => {
    await ann.act(desk.READ, { id, upTo: last });
    equal([await at(ann, id), await unread(ann, id)], [last, 0], 'ann in the later one');
    holds((await at(ann, earlier)) < last, 'ann in the earlier one');
  });
}
