// @ts-check
// The information panel of a session, and what is said of a client there.

import * as desk from '../lib/mutations.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { walk } from '../lib/pages.mjs';
import { Person } from '../lib/person.mjs';
import { widgetToken } from '../lib/request.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const PANEL = `query ($id: ID!) { viewer { session(id: $id) {
  id name state firstMessageAt
  liveChat { id name apps { id name kind } }
  operator { id name }
  client { id name isInternal employee { id name } contacts { kind value } }
  channel { kind name }
  bindings { item { id title app { id } } boundAt boundBy { name } }
  viewerCanBind viewerCanRename
  messages(first: 100) { nodes { seq kind sentAt session { id } } }
} } }`;

const CLIENT = `query ($id: ID!, $after: String) { node(id: $id) { ... on Client {
  name sessions(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
} } }`;

/** @typedef {import('../lib/person.mjs').Person} Asker */

/**
 * The panel of a session, as somebody sees it.
 * @param {Asker} who
 * @param {string} id
 */
async function panel(who, id) {
  return (await who.read(PANEL, { id })).viewer.session;
}

/** @param {string} origin */
export async function play(origin) {
  const members = { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] };
  const office = await Office.set(origin, /** @type {any} */ ({ Desk: members }), ['kim', 'eve']);
  await session(office);
  await dates(office);
  await contacts(office);
  await internal(office);
  await apps(office);
  await sight(office);
  await office.end();
}

/** @param {Office} office */
async function session(office) {
  const { ann, sue } = office.people;
  const id = await office.write('Olga');

  await step('the panel shows the live chat', async () => {
    const { liveChat } = await panel(ann, id);
    equal([liveChat.id, liveChat.name], [office.id(), office.company.named('Desk')], 'live chat');
  });

  await step('the panel shows no operator of a session that nobody has', async () => {
    equal((await panel(ann, id)).operator, null, 'the operator');
  });

  await step('the panel shows the operator who has the session', async () => {
    await ann.act(desk.CLAIM, { id });
    for (const who of [ann, sue]) equal((await panel(who, id)).operator.name, 'Ann', who.as);
  });

  await step('the panel of a closed session shows who had it at the close', async () => {
    await office.close(sue, id);
    for (const who of [ann, sue]) equal((await panel(who, id)).operator.name, 'Ann', who.as);
  });

  await step('the panel shows the client’s name and channel', async () => {
    const { client, channel } = await panel(ann, id);
    equal([client.name, channel.kind], ['Olga', 'WEBHOOK'], 'the client');
  });
}

/** @param {Office} office */
async function dates(office) {
  const { ann } = office.people;
  const from = crypto.randomUUID();
  const first = await office.write('Vera', undefined, { from });
  await office.post('Vera', 'More', { from });
  await ann.act(desk.CLAIM, { id: first });

  await step('the panel shows the date of the first message', async () => {
    const { firstMessageAt, messages } = await panel(ann, first);
    holds(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(firstMessageAt), firstMessageAt);
    equal(firstMessageAt, messages.nodes[0].sentAt, 'the date');
  });

  await step(
    'the date is the one that the dialog shows, of a message that came late too',
    async () => {
      const sentAt = '2026-03-01T12:00:00.000Z';
      const deliver = await office.company.webhook();
      const text = crypto.randomUUID();
      await deliver({ messageId: text, from: { id: text, name: 'Late' }, text, sentAt });
      const { firstMessageAt, messages } = await panel(ann, await office.find(text));
      equal(messages.nodes[0].sentAt, sentAt, 'when it was sent, in the dialog');
      equal(firstMessageAt, sentAt, 'the date in the panel');
    },
  );

  await step('the date is that of this session’s first message, not of the history', async () => {
    await office.close(ann, first);
    const second = await office.write('Vera', undefined, { from });
    await ann.act(desk.CLAIM, { id: second });
    const { firstMessageAt, messages } = await panel(ann, second);
    holds(firstMessageAt > messages.nodes[0].sentAt, 'it is later than the history’s first');
    holds(firstMessageAt > (await panel(ann, first)).firstMessageAt, 'and than its date');
    holds(messages.nodes[0].session.id === first, 'the history stands above it');
  });
}

/** @param {Office} office */
async function contacts(office) {
  const { ann } = office.people;
  const email = `zoe-${office.company.run}@example.com`;

  await step('the panel shows the contacts of a client of the widget', async () => {
    const body = { liveChatId: office.id(), name: 'Zoe', email };
    const token = (await widgetToken(office.company.origin, body)).body.token;
    const text = crypto.randomUUID();
    const zoe = new Person(office.company.origin, 'Zoe', token);
    await zoe.act(desk.POST, { text, key: text });
    const { client, channel } = await panel(ann, await office.find(text));
    equal([client.name, channel.kind], ['Zoe', 'WEB'], 'the client');
    equal(
      client.contacts.map((/** @type {any} */ { value }) => value),
      [email],
      'the contacts',
    );
    holds(/mail/i.test(client.contacts[0].kind), `its kind: ${client.contacts[0].kind}`);
  });

  await step('an external client is not internal and no employee', async () => {
    const { client } = await panel(ann, await office.write('Max'));
    equal([client.isInternal, client.employee], [false, null], 'the client');
  });

  await step('contacts of a client without any are an empty list', async () => {
    equal((await panel(ann, await office.write('Nina'))).client.contacts, [], 'the contacts');
  });
}

/** @param {Office} office */
async function internal(office) {
  const { ann, sue, kim } = office.people;
  const text = crypto.randomUUID();
  await kim.act(desk.POST, { liveChatId: office.id(), text, key: text });
  const id = await office.find(text);

  await step('of an internal client the panel shows the employee', async () => {
    const { client, channel } = await panel(ann, id);
    const employee = { id: office.company.people.kim.id, name: 'Kim' };
    equal([client.isInternal, client.employee], [true, employee], 'the client');
    equal([client.name, channel.kind], ['Kim', 'INTERNAL'], 'name and channel');
  });

  await step('of an internal client the panel offers no +Bind', async () => {
    await ann.act(desk.CLAIM, { id });
    for (const who of [ann, sue]) equal((await panel(who, id)).viewerCanBind, false, who.as);
  });
}

/** @param {Office} office */
async function apps(office) {
  const { ann, bob, sue } = office.people;
  const id = await office.taken('Igor', ann);
  const accounts = await office.app('Accounts', 'ACCOUNT');
  const requests = await office.app('Requests', 'REQUEST');

  await step('the panel shows the apps that the live chat names', async () => {
    for (const who of [ann, sue]) {
      const { liveChat } = await panel(who, id);
      const named = (/** @type {string} */ name) => office.company.named(name);
      equal(
        liveChat.apps,
        [
          { id: accounts, name: named('Accounts'), kind: 'ACCOUNT' },
          { id: requests, name: named('Requests'), kind: 'REQUEST' },
        ],
        who.as,
      );
    }
  });

  await step('the panel shows each app with its bound items', async () => {
    for (const [app, title] of [
      [accounts, 'Igor’s account'],
      [requests, 'A refund'],
      [requests, 'A repair'],
    ]) {
      await ann.act(desk.CREATE_AND_BIND, { id, app, title });
    }
    for (const who of [ann, sue]) {
      const { bindings } = await panel(who, id);
      const titles = (/** @type {string} */ app) =>
        bindings
          .filter((/** @type {any} */ { item }) => item.app.id === app)
          .map((/** @type {any} */ { item }) => item.title);
      equal(titles(accounts), ['Igor’s account'], `${who.as}: the accounts`);
      equal(titles(requests), ['A refund', 'A repair'], `${who.as}: the requests`);
    }
  });

  await step('the panel says who bound an item and when', async () => {
    const { bindings } = await panel(sue, id);
    equal(bindings[0].boundBy, { name: 'Ann' }, 'who');
    holds(Math.abs(Date.now() - Date.parse(bindings[0].boundAt)) < 60_000, bindings[0].boundAt);
  });

  await step('the panel offers +Bind and Rename to the assignee and to a supervisor', async () => {
    for (const who of [ann, sue]) {
      const { viewerCanBind, viewerCanRename } = await panel(who, id);
      equal([viewerCanBind, viewerCanRename], [true, true], who.as);
    }
  });

  await step('the panel of a queued session offers them to supervisors only', async () => {
    const queued = await office.write('Queued');
    for (const who of [ann, bob, sue]) {
      const { viewerCanBind, viewerCanRename } = await panel(who, queued);
      equal([viewerCanBind, viewerCanRename], [who === sue, who === sue], who.as);
    }
  });

  await step(
    'the panel of a closed one offers them to its last operator and supervisors',
    async () => {
      await office.close(ann, id);
      for (const who of [ann, sue]) {
        const { viewerCanBind, viewerCanRename } = await panel(who, id);
        equal([viewerCanBind, viewerCanRename], [true, true], who.as);
      }
    },
  );
}

/** @param {Office} office */
async function sight(office) {
  const { ann, bob, sue, eve } = office.people;
  const from = crypto.randomUUID();
  /** @type {string[]} */
  const sessions = [];
  for (const who of [ann, bob, ann]) {
    const id = await office.taken('Often', who, { from });
    await office.close(who, id);
    sessions.push(id);
  }
  const client = (await panel(sue, sessions[0])).client.id;
  const of = async (/** @type {Asker} */ who) =>
    (
      await walk(async (after) => (await who.read(CLIENT, { id: client, after })).node.sessions)
    ).nodes
      .map(({ id }) => id)
      .sort();

  await step('a client’s sessions are one client’s', async () => {
    for (const id of sessions) equal((await panel(sue, id)).client.id, client, 'the client');
  });

  await step('of a client’s sessions a supervisor sees all', async () => {
    await eventually('all are there', async () => (await of(sue)).length === 3);
    equal(await of(sue), [...sessions].sort(), 'the sessions');
  });

  await step('of a client’s sessions an operator sees those they had, and no other', async () => {
    // What is readable through a later one enters no list, and a later one is never visible.
    await eventually('they are there', async () => (await of(ann)).length === 2);
    equal(await of(ann), [sessions[0], sessions[2]].sort(), 'as ann sees them');
    equal(await of(bob), [sessions[1]], 'as bob sees them');
  });

  await step('a client whose sessions one does not see is not found', async () => {
    const { node } = await eve.read(CLIENT, { id: client });
    equal(node, null, 'as eve, who has no role');
  });
}
