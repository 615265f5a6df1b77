// @ts-check
// The words of the product: what an employee, a live chat, a client, a session, a message is.

import { Company } from '../lib/company.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

const SESSION = `query ($id: ID!) { node(id: $id) { ... on Session {
  state closedAt firstMessageAt liveChat { id } operator { name } channel { kind }
  client { id name isInternal employee { name } }
  bindings { item { title app { id name kind } } boundBy { name } }
  messages(first: 100) { nodes { seq kind text author { __typename name } channel { kind } session { id } } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
    shop: { ann: ['OPERATOR', 'SUPERVISOR'], kim: ['OPERATOR'] },
  });
  try {
    await company.online();
    await liveChat(company);
    await people(company);
    await clients(company);
    await sessions(company);
    await messages(company);
    await items(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {string} id
 * @returns {Promise<any>}
 */
const look = async (company, id) => (await company.ask(company.people.sue, SESSION, { id })).node;

/** @param {Company} company */
async function liveChat(company) {
  const { ann } = company.people;
  await step(
    'a live chat has a name, operators, supervisors, channels, apps that can be bound',
    async () => {
      const app = await company.ada.createApp(company.named('Accounts'), 'ACCOUNT');
      const other = await company.ada.createApp(company.named('Orders'), 'REQUEST');
      await company.ada.setLiveChatApps(company.id(), [app]);
      await company.webhook();
      const { viewer } = await company.ask(
        ann,
        `query ($id: ID!) { viewer { liveChat(id: $id) {
        name operators { employee { name } } members { employee { name } roles }
        channels { kind } apps { id kind }
      } } }`,
        { id: company.id() },
      );
      const { name, operators, members, channels, apps } = viewer.liveChat;
      equal(name, company.liveChats.desk.name, 'the name');
      const names = operators.map((/** @type {any} */ { employee }) => employee.name).toSorted();
      equal(names, ['Ann', 'Bob'], 'the operators');
      const supervisors = members.filter((/** @type {any} */ { roles }) =>
        roles.includes('SUPERVISOR'),
      );
      equal(supervisors, [{ employee: { name: 'Sue' }, roles: ['SUPERVISOR'] }], 'the supervisors');
      const kinds = channels.map((/** @type {any} */ { kind }) => kind).toSorted();
      equal(kinds, ['INTERNAL', 'WEB', 'WEBHOOK'], 'the channels');
      equal(apps, [{ id: app, kind: 'ACCOUNT' }], `the apps, without ${other}`);
    },
  );
}

/** @param {Company} company */
async function people(company) {
  const { ann, bob, sue } = company.people;
  const { session: sessionId } = await company.arrival('Answered', ann);
  await step('an operator answers the sessions of a live chat', async () => {
    const answer = { sessionId, text: 'An answer', clientMessageId: '1' };
    const { message } = await company.does(ann, 'sendMessage', answer, 'message { kind text }');
    equal(message, { kind: 'OPERATOR', text: 'An answer' }, 'the message');
  });
  await step('a supervisor sees all its sessions, and assigns them', async () => {
    equal((await look(company, sessionId)).operator.name, 'Ann', 'what sue sees');
    await company.does(sue, 'assignSession', { sessionId, employeeId: bob.id });
    equal((await look(company, sessionId)).operator.name, 'Bob', 'what she made of it');
  });
  await step('an employee may be both, of any number of live chats', async () => {
    const { viewer } = await company.ask(ann, '{ viewer { liveChats { id viewerRoles } } }');
    const roles = new Map(
      viewer.liveChats.map((/** @type {any} */ one) => [one.id, one.viewerRoles.toSorted()]),
    );
    equal(roles.get(company.id('desk')), ['OPERATOR'], 'in the one');
    equal(roles.get(company.id('shop')), ['OPERATOR', 'SUPERVISOR'], 'in the other');
  });
}

/** @param {Company} company */
async function clients(company) {
  const { ann, kim } = company.people;
  await step('external clients come by a web page or another system', async () => {
    const { session } = await company.arrival('By the web', ann);
    const web = await look(company, session);
    equal(
      [web.channel.kind, web.client.isInternal, web.client.employee],
      ['WEB', false, null],
      'web',
    );
    const post = await company.webhook();
    const from = { id: company.named('hook'), name: company.named('By a hook') };
    await post({ messageId: '1', from, text: 'Hello' });
    const hook = await look(company, await company.waiting(ann, from.name));
    const { isInternal, employee } = hook.client;
    equal([hook.channel.kind, isInternal, employee], ['WEBHOOK', false, null], 'webhook');
  });
  await step('an internal client is an employee of the tenant', async () => {
    const text = company.named('From inside');
    const args = { liveChatId: company.id(), text, clientMessageId: text };
    await company.does(kim, 'postMessage', args, 'message { seq }');
    const { channel, client } = await look(company, await company.waiting(ann, 'Kim'));
    equal(
      [channel.kind, client.isInternal, client.employee],
      ['INTERNAL', true, { name: 'Kim' }],
      'kim',
    );
  });
}

/** @param {Company} company */
async function sessions(company) {
  const { ann, sue } = company.people;
  const { visitor, session: sessionId } = await company.arrival('One request', ann);
  await step(
    "a session is one request, from a client's first message until it is closed",
    async () => {
      const open = await look(company, sessionId);
      equal([open.state, open.closedAt], ['QUEUED', null], 'while it is open');
      holds(Math.abs(Date.parse(open.firstMessageAt) - Date.now()) < 60_000, 'since when');
      await company.does(sue, 'closeSession', { sessionId });
      const closed = await look(company, sessionId);
      equal(closed.state, 'CLOSED', 'when it is closed');
      holds(closed.closedAt >= closed.firstMessageAt, 'until when');
      await visitor.post('A new request');
      holds((await company.waiting(ann, visitor.name)) !== sessionId, 'the next is another one');
      equal((await look(company, sessionId)).state, 'CLOSED', 'the first stays closed');
    },
  );
  await step('at most one is open per client and live chat', async () => {
    for (const text of ['Two', 'Three']) await visitor.post(text);
    const open = (await company.group(sue, 'ACTIVE', undefined, 'client { name }')).filter(
      ({ client }) => client.name === visitor.name,
    );
    equal(open.length, 1, 'how many are open');
  });
}

/** @param {Company} company */
async function messages(company) {
  const { ann } = company.people;
  const { session: sessionId } = await company.arrival('Writes', ann);
  await step(
    'a message is by the client, by an operator, by the system (an event), or a note',
    async () => {
      await company.does(ann, 'claimSession', { sessionId });
      await company.does(ann, 'sendMessage', {
        sessionId,
        text: 'An answer',
        clientMessageId: '1',
      });
      await company.does(ann, 'addNote', { sessionId, text: 'A note', clientMessageId: '2' });
      const entries = (await look(company, sessionId)).messages.nodes;
      equal(
        entries.map((/** @type {any} */ one) => [one.seq, one.kind, one.channel?.kind ?? null]),
        [
          [1, 'CLIENT', 'WEB'],
          [2, 'EVENT', null],
          [3, 'OPERATOR', 'WEB'],
          [4, 'NOTE', null],
        ],
        'the entries',
      );
      const authors = entries.map((/** @type {any} */ { author }) => author.__typename);
      equal([authors[0], authors[2], authors[3]], ['Client', 'Employee', 'Employee'], 'by whom');
      holds(
        entries.every((/** @type {any} */ { author, text }) => author.name && text),
        'each says by whom, and something',
      );
    },
  );
}

/** @param {Company} company */
async function items(company) {
  const { ann } = company.people;
  await step(
    "apps and items are the tenant's own records, and a session can be bound to them",
    async () => {
      const account = await company.ada.createApp(company.named('Customers'), 'ACCOUNT');
      const order = await company.ada.createApp(company.named('Deliveries'), 'REQUEST');
      await company.ada.setLiveChatApps(company.id(), [account, order]);
      const { session: sessionId } = await company.arrival('Bound', ann);
      await company.does(ann, 'claimSession', { sessionId });
      for (const [appId, title] of [
        [account, 'Olga'],
        [order, 'Order 7'],
      ]) {
        await company.does(ann, 'createAndBindItem', { sessionId, appId, title }, 'item { id }');
      }
      const { bindings } = await look(company, sessionId);
      equal(
        bindings
          .map((/** @type {any} */ { item, boundBy }) => [item.title, item.app.kind, boundBy.name])
          .toSorted(),
        [
          ['Olga', 'ACCOUNT', 'Ann'],
          ['Order 7', 'REQUEST', 'Ann'],
        ],
        'what it is bound to',
      );
    },
  );
}
