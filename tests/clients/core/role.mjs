// @ts-check
// Who sees which sessions: roles are held per live chat.

import { acts } from '../lib/every-act.mjs';
import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {{ token: string }} Person */

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    {
      desk: {
        ann: ['OPERATOR'],
        bob: ['OPERATOR'],
        sue: ['SUPERVISOR'],
        dan: ['OPERATOR', 'SUPERVISOR'],
      },
      shop: { ann: ['SUPERVISOR'], eve: ['OPERATOR'], dan: ['OPERATOR'] },
      lab: { ann: ['OPERATOR', 'SUPERVISOR'] },
    },
    ['kim'],
  );
  try {
    await company.online();
    await held(company);
    await operators(company);
    await closed(company);
    await supervisors(company);
    await elsewhere(company);
    await changed(company);
  } finally {
    await company.dissolve();
  }
}

/** Whether somebody sees a session, by every way there is to look at one. */
class Sight {
  /**
   * @param {Company} company
   * @param {string} [liveChat] the first, if not said
   */
  constructor(company, liveChat) {
    this.company = company;
    this.liveChat = liveChat;
  }

  /**
   * @param {Person} who
   * @param {string} id of a session
   * @returns {Promise<{ node: boolean, session: boolean, groups: string[] }>}
   */
  async of(who, id) {
    const { node, viewer } = await this.company.ask(
      who,
      'query ($id: ID!, $in: ID!) { node(id: $id) { id } viewer { session(id: $id) { id } liveChat(id: $in) { id } } }',
      { id, in: this.company.id(this.liveChat) },
    );
    const groups = [];
    for (const group of /** @type {const} */ (['ACTIVE', 'CLOSED', 'QUEUE', 'MY'])) {
      if (!viewer.liveChat) continue;
      const listed = await this.company.group(who, group, this.liveChat);
      if (listed.some((one) => one.id === id)) groups.push(group);
    }
    return { node: node !== null, session: viewer.session !== null, groups };
  }

  /**
   * @param {Person} who
   * @param {string} id
   * @param {string[]} groups that list it
   * @param {string} what
   */
  async seen(who, id, groups, what) {
    // ACTIVE and CLOSED may show it a moment later.
    await eventually(what, async () => {
      const sight = await this.of(who, id);
      return JSON.stringify(sight.groups) === JSON.stringify(groups);
    }).catch(() => undefined);
    equal(await this.of(who, id), { node: true, session: true, groups }, what);
  }

  /**
   * @param {Person} who
   * @param {string} id
   * @param {string} what
   */
  async unseen(who, id, what) {
    equal(await this.of(who, id), { node: false, session: false, groups: [] }, what);
  }
}

/** @param {Company} company */
async function held(company) {
  const { ann, kim } = company.people;
  await step(
    'roles are held per live chat: one employee is operator of one, supervisor of another, both of a third',
    async () => {
      const { viewer } = await company.ask(ann, '{ viewer { liveChats { id viewerRoles } } }');
      const roles = (/** @type {string} */ liveChat) =>
        viewer.liveChats
          .find((/** @type {any} */ one) => one.id === company.id(liveChat))
          ?.viewerRoles.toSorted();
      equal(
        [roles('desk'), roles('shop'), roles('lab')],
        [['OPERATOR'], ['SUPERVISOR'], ['OPERATOR', 'SUPERVISOR']],
        "ann's roles",
      );
    },
  );
  await step('who has no role in a live chat does not see it', async () => {
    const { viewer } = await company.ask(
      kim,
      'query ($id: ID!) { viewer { liveChats { id } liveChat(id: $id) { id } } }',
      { id: company.id('desk') },
    );
    const ids = viewer.liveChats.map((/** @type {any} */ { id }) => id);
    equal([ids.includes(company.id('desk')), viewer.liveChat], [false, null], 'what kim sees');
  });
  await step('each sees the members of a live chat with their roles', async () => {
    const { viewer } = await company.ask(
      ann,
      `query ($id: ID!) { viewer { liveChat(id: $id) {
        operators { employee { name } openSessions } members { employee { name } roles }
      } } }`,
      { id: company.id('desk') },
    );
    const { operators: all, members } = viewer.liveChat;
    equal(
      all.map((/** @type {any} */ one) => [one.employee.name, one.openSessions]).toSorted(),
      [
        ['Ann', 0],
        ['Bob', 0],
        ['Dan', 0],
      ],
      'operators',
    );
    equal(
      members
        .map((/** @type {any} */ one) => `${one.employee.name} ${one.roles.toSorted().join(' ')}`)
        .toSorted(),
      ['Ann OPERATOR', 'Bob OPERATOR', 'Dan OPERATOR SUPERVISOR', 'Sue SUPERVISOR'],
      'members',
    );
  });
}

/** @param {Company} company */
async function operators(company) {
  const { ann, bob, eve, kim } = company.people;
  const sight = new Sight(company);
  const { session } = await company.arrival('Zoe', bob);

  await step('an operator sees the queue of their live chats', async () => {
    await sight.seen(ann, session, ['QUEUE'], 'what ann sees of it');
    await sight.seen(bob, session, ['QUEUE'], 'what bob sees of it');
  });
  await step('and of no other live chat', async () => {
    for (const who of [eve, kim]) await sight.unseen(who, session, `what ${who.as} sees of it`);
  });
  await step('an operator sees the sessions assigned to them', async () => {
    await company.does(ann, 'claimSession', { sessionId: session });
    await sight.seen(ann, session, ['MY'], 'what ann sees of it');
    const mine = await company.ask(ann, '{ viewer { sessions(first: 100) { nodes { id } } } }');
    holds(
      mine.viewer.sessions.nodes.some((/** @type {any} */ { id }) => id === session),
      'it is in viewer.sessions',
    );
  });
  await step('and none that is assigned to another', async () => {
    await sight.unseen(bob, session, 'what bob sees of it');
    const mine = await company.ask(bob, '{ viewer { sessions(first: 100) { nodes { id } } } }');
    equal(mine.viewer.sessions.nodes, [], "bob's sessions");
  });
}

/** @param {Company} company */
async function closed(company) {
  const { ann, bob, sue, dan } = company.people;
  const sight = new Sight(company);

  await step('an operator sees the closed sessions they had when they were closed', async () => {
    const { session } = await company.arrival('Had', ann);
    await company.does(ann, 'claimSession', { sessionId: session });
    await company.does(ann, 'closeSession', { sessionId: session });
    await sight.seen(ann, session, ['CLOSED'], 'what ann sees of it');
    await sight.seen(sue, session, ['CLOSED'], 'what sue sees of it');
    await sight.unseen(bob, session, 'what bob sees of it');
  });
  await step('and not those they only had before', async () => {
    const { session } = await company.arrival('Once had', ann);
    await company.does(ann, 'claimSession', { sessionId: session });
    await company.does(ann, 'assignSession', { sessionId: session, employeeId: bob.id });
    await company.does(bob, 'closeSession', { sessionId: session });
    await sight.seen(bob, session, ['CLOSED'], 'what bob sees of it');
    await sight.unseen(ann, session, 'what ann sees of it');
  });
  await step('one that nobody had at the close is seen by supervisors only', async () => {
    const { session } = await company.arrival('Nobody had', ann);
    await company.does(sue, 'closeSession', { sessionId: session });
    await sight.seen(dan, session, ['CLOSED'], 'what dan sees of it');
    for (const who of [ann, bob]) await sight.unseen(who, session, `what ${who.as} sees of it`);
  });
}

/** @param {Company} company */
async function supervisors(company) {
  const { ann, bob, sue, dan } = company.people;
  const sight = new Sight(company);

  await step('a supervisor sees every session of their live chats: queued ones', async () => {
    const { session } = await company.arrival('Queued', ann);
    for (const who of [sue, dan]) {
      await sight.seen(who, session, ['ACTIVE', 'QUEUE'], `what ${who.as} sees of it`);
    }
  });
  await step('… those assigned to anybody', async () => {
    for (const who of [ann, bob]) {
      const { session } = await company.arrival(`Of ${who.as}`, ann);
      await company.does(who, 'claimSession', { sessionId: session });
      await sight.seen(sue, session, ['ACTIVE'], 'what sue sees of it');
      await sight.seen(dan, session, ['ACTIVE'], 'what dan sees of it');
    }
  });
  await step('… and closed ones, whoever had them', async () => {
    const { session } = await company.arrival('Closed', ann);
    await company.does(bob, 'claimSession', { sessionId: session });
    await company.does(bob, 'closeSession', { sessionId: session });
    await sight.seen(sue, session, ['CLOSED'], 'what sue sees of it');
    await sight.seen(dan, session, ['CLOSED'], 'what dan sees of it');
  });
}

/** @param {Company} company */
async function elsewhere(company) {
  const { ann, bob, eve, dan } = company.people;
  const sight = new Sight(company, 'shop');

  await step('what one may do in one live chat gives nothing in another', async () => {
    const { session } = await company.arrival('Buyer', eve, 'shop');
    await sight.seen(ann, session, ['ACTIVE', 'QUEUE'], 'what ann sees, who supervises the shop');
    await sight.seen(dan, session, ['QUEUE'], 'what dan sees, who is only operator of the shop');
    await sight.unseen(bob, session, 'what bob sees, who has no role in the shop');
    const claimed = await company.act(ann, 'claimSession', { sessionId: session });
    equal(refusal(claimed), 'FORBIDDEN', 'ann, who is operator elsewhere, claims');
    const noted = { sessionId: session, text: 'A note', clientMessageId: company.run };
    equal(refusal(await company.act(dan, 'addNote', noted)), 'NOT_ASSIGNED', 'dan writes a note');
    await company.does(ann, 'addNote', noted);
    await company.does(eve, 'claimSession', { sessionId: session });
    await sight.unseen(dan, session, 'what dan sees of it when eve has it');
  });
}

/** @param {Company} company */
async function changed(company) {
  const { ann, bob, sue } = company.people;
  const sight = new Sight(company);

  await step('a role that changes holds at once, and the feed says READY again', async () => {
    const { session } = await company.arrival('Change', ann);
    await company.does(ann, 'claimSession', { sessionId: session });
    await sight.unseen(bob, session, 'what bob sees of it as operator');
    const before = bob.sessions.all.length;
    await company.appoint('bob', ['SUPERVISOR']);
    await sight.seen(bob, session, ['ACTIVE'], 'what bob sees of it as supervisor');
    await eventually("READY in bob's feed", () =>
      bob.sessions.all.slice(before).some(({ kind }) => kind === 'READY'),
    );
    await company.appoint('bob', []);
    await sight.unseen(bob, session, 'what bob sees of it without a role');
  });
  await step('who is operator no more gives their open sessions back to the queue', async () => {
    const { session } = await company.arrival('Orphan', ann);
    await company.does(ann, 'claimSession', { sessionId: session });
    await company.appoint('ann', []);
    await sight.unseen(ann, session, 'what ann sees of it');
    const target = { session, colleague: sue.id, app: 'nothing', item: 'nothing' };
    for (const { field, args, selection } of acts(target)) {
      equal(refusal(await company.act(ann, field, args, selection)), 'NOT_FOUND', field);
    }
    await eventually('it waits again', async () =>
      (await company.group(sue, 'QUEUE')).some(({ id }) => id === session),
    );
  });
}
