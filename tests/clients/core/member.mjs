// @ts-check
// Roles are held per live chat: setMember, and what becomes of the sessions of who leaves.

import { CLAIM } from '../lib/mutations.mjs';
import * as admin from '../lib/administration.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const MINE = '{ viewer { liveChats { id viewerRoles } } }';

const GROUP = `query ($id: ID!, $group: SessionGroup!) {
  viewer { liveChat(id: $id) { operators { employee { name } openSessions } sessions(group: $group, first: 100) {
    nodes { id state isNew unreadCount operator { name } }
  } } }
}`;

const SESSION = 'query ($id: ID!) { viewer { session(id: $id) { id state operator { name } } } }';

/** @param {string} origin */
export async function play(origin) {
  const members = { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] };
  const office = await Office.set(origin, /** @type {any} */ ({ Desk: members, Side: members }), [
    'kim',
    'eve',
  ]);
  await setting(office);
  await leaving(office);
  await turning(office);
  await office.end();
}

/**
 * The roles of somebody in the first live chat, as they see them.
 * @param {Office} office
 * @param {string} who
 * @returns {Promise<string[] | undefined>}
 */
async function roles(office, who) {
  const { viewer } = await office.people[who].read(MINE);
  return viewer.liveChats
    .find((/** @type {any} */ { id }) => id === office.id())
    ?.viewerRoles.sort();
}

/** @param {Office} office */
async function setting(office) {
  const { ada } = office.people;
  const id = office.id();
  const kim = await office.company.ada.employee('kim');
  const set = (/** @type {string[]} */ to) =>
    ada.act(admin.SET_MEMBER, { id, employee: kim, roles: to });

  for (const to of [['OPERATOR'], ['OPERATOR', 'SUPERVISOR'], ['SUPERVISOR'], []]) {
    await step(`setMember sets the roles [${to}], in place of those before`, async () => {
      const { liveChat } = await set(to);
      const member = liveChat.members.find((/** @type {any} */ one) => one.employee.name === 'Kim');
      equal(member?.roles.sort() ?? [], to, 'among the members in the answer');
      equal((await roles(office, 'kim')) ?? [], to, 'as kim sees it');
    });
  }

  await step('setMember with the roles that somebody has is no error', async () => {
    await set(['OPERATOR']);
    const { liveChat } = await set(['OPERATOR']);
    const names = liveChat.members.map((/** @type {any} */ { employee }) => employee.name).sort();
    equal(names, ['Ann', 'Bob', 'Kim', 'Sue'], 'the members');
  });

  await step('setMember with [] for who has no role is no error', async () => {
    await set([]);
    equal((await set([])).liveChat.members.length, 3, 'how many members');
  });

  await step('roles are per live chat', async () => {
    const eve = await office.company.ada.employee('eve');
    await office.company.appoint('eve', ['OPERATOR'], 'Side');
    equal(await roles(office, 'eve'), undefined, 'eve in the first live chat');
    const { viewer } = await office.people.eve.read(MINE);
    const side = viewer.liveChats.find((/** @type {any} */ one) => one.id === office.id('Side'));
    equal(side?.viewerRoles, ['OPERATOR'], 'eve in the second');
    await ada.act(admin.SET_MEMBER, { id: office.id('Side'), employee: eve, roles: [] });
  });

  await step('setMember of who is no employee of the tenant is NOT_FOUND', async () => {
    const stranger = await office.company.invite('other/ann');
    const nobody = { id, roles: ['OPERATOR'] };
    await ada.refused('NOT_FOUND', admin.SET_MEMBER, { ...nobody, employee: stranger.id });
    await ada.refused('NOT_FOUND', admin.SET_MEMBER, { ...nobody, employee: 'nobody' });
  });
}

/** @param {Office} office */
async function leaving(office) {
  const { ann, sue, ada } = office.people;
  const id = office.id();
  const employee = await office.company.ada.employee('ann');
  /** @type {string[]} */
  const open = [];
  for (let at = 0; at < 5; at += 1) open.push(await office.taken(`Client ${at}`, ann));
  const closed = await office.taken('Closed', ann);
  await office.close(ann, closed);
  const kept = await office.taken('Elsewhere', ann, { liveChat: 'Side' });
  await ada.act(admin.SET_MEMBER, { id, employee, roles: [] });

  await step('who is operator no more gives their open sessions back to the queue', async () => {
    const queue = await eventually('all are queued', async () => {
      const { viewer } = await sue.read(GROUP, { id, group: 'QUEUE' });
      const { nodes } = viewer.liveChat.sessions;
      return nodes.length === open.length ? nodes : undefined;
    });
    equal(
      queue.map((/** @type {any} */ one) => one.id),
      open,
      'longest waiting first, as before',
    );
    for (const { state, isNew, unreadCount, operator } of queue) {
      equal([state, isNew, unreadCount, operator], ['QUEUED', true, 1, null], 'a session');
    }
  });

  await step('what is closed stays theirs, as of who had it at the close', async () => {
    const { viewer } = await sue.read(SESSION, { id: closed });
    equal([viewer.session.state, viewer.session.operator.name], ['CLOSED', 'Ann'], 'the session');
  });

  await step('who has no role any more sees none of its sessions', async () => {
    for (const session of [...open, closed]) {
      equal((await ann.read(SESSION, { id: session })).viewer.session, null, 'a session');
    }
    equal((await ann.read(GROUP, { id, group: 'MY' })).viewer.liveChat, null, 'the live chat');
  });

  await step('their sessions in other live chats stay theirs', async () => {
    const { viewer } = await ann.read(SESSION, { id: kept });
    equal([viewer.session.state, viewer.session.operator.name], ['ASSIGNED', 'Ann'], 'the session');
  });

  await step('what came back to the queue can be taken by others', async () => {
    await office.people.bob.act(CLAIM, { id: open[0] });
  });

  await step('they are among the operators to assign to no more', async () => {
    const { viewer } = await sue.read(GROUP, { id, group: 'QUEUE' });
    const names = viewer.liveChat.operators.map((/** @type {any} */ one) => one.employee.name);
    equal(names, ['Bob'], 'the operators');
  });

  await step('who comes back sees again what they had, and takes again', async () => {
    await ada.act(admin.SET_MEMBER, { id, employee, roles: ['OPERATOR'] });
    equal(
      (await ann.read(SESSION, { id: closed })).viewer.session?.state,
      'CLOSED',
      'the closed one',
    );
    await ann.act(CLAIM, { id: open[1] });
    const { viewer } = await sue.read(GROUP, { id, group: 'QUEUE' });
    const count = viewer.liveChat.operators.find(
      (/** @type {any} */ one) => one.employee.name === 'Ann',
    );
    equal(count?.openSessions, 1, 'how many open sessions ann has here');
  });
}

/** @param {Office} office */
async function turning(office) {
  const { bob, sue, ada } = office.people;
  const id = office.id('Side');
  const employee = await office.company.ada.employee('bob');

  await step(
    'who turns from operator to supervisor gives their open sessions back too',
    async () => {
      const session = await office.taken('Turned', bob, { liveChat: 'Side' });
      await ada.act(admin.SET_MEMBER, { id, employee, roles: ['SUPERVISOR'] });
      await eventually('it is queued', async () => {
        return (await bob.read(SESSION, { id: session })).viewer.session?.state === 'QUEUED';
      });
      await bob.refused('FORBIDDEN', CLAIM, { id: session });
    },
  );

  await step('who becomes supervisor as well keeps their open sessions', async () => {
    await ada.act(admin.SET_MEMBER, { id, employee, roles: ['OPERATOR'] });
    const session = await office.taken('Kept', bob, { liveChat: 'Side' });
    await ada.act(admin.SET_MEMBER, { id, employee, roles: ['SUPERVISOR', 'OPERATOR'] });
    const { viewer } = await bob.read(SESSION, { id: session });
    equal([viewer.session.state, viewer.session.operator.name], ['ASSIGNED', 'Bob'], 'it is his');
  });

  await step('who supervises no more sees only what an operator sees', async () => {
    const anns = await office.taken('Ann’s', office.people.ann, { liveChat: 'Side' });
    equal((await bob.read(SESSION, { id: anns })).viewer.session?.id, anns, 'as a supervisor');
    await ada.act(admin.SET_MEMBER, { id, employee, roles: ['OPERATOR'] });
    equal((await bob.read(SESSION, { id: anns })).viewer.session, null, 'as an operator');
    holds((await sue.read(SESSION, { id: anns })).viewer.session, 'sue sees it still');
  });
}
