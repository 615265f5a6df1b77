// @ts-check
// Administration alone gives no sight of sessions.

import * as desk from '../lib/mutations.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { line, listen } from '../lib/socket.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const GROUP = `query ($id: ID!, $group: SessionGroup!) {
  node(id: $id) { ... on LiveChat { queueCount sessions(group: $group, first: 100) {
    nodes { id } edges { node { id } } pageInfo { hasNextPage }
  } } }
}`;

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { ann, sue } = office.people;
  const queued = await office.write('Olga Queued');
  const taken = await office.taken('Olga Taken', ann);
  const closed = await office.taken('Olga Closed', ann);
  await office.close(ann, closed);
  const app = await office.app('Accounts', 'ACCOUNT');
  const bound = { id: taken, app, title: 'Olga’s account' };
  const { item } = await ann.act(desk.CREATE_AND_BIND, bound);
  const { viewer } = await sue.read(
    `query ($id: ID!) { viewer { session(id: $id) {
      client { id } messages(last: 1) { nodes { id } }
    } } }`,
    { id: taken },
  );
  const seen = {
    client: viewer.session.client.id,
    message: viewer.session.messages.nodes[0].id,
    item: item.id,
  };
  await lists(office, seen.item);
  await lookups(office, [queued, taken, closed], seen);
  await changes(office, [queued, taken, closed], item.id);
  await feeds(office, taken);
  await office.end();
}

/**
 * @param {Office} office
 * @param {string} item
 */
async function lists(office, item) {
  const { ada } = office.people;

  for (const group of ['ACTIVE', 'CLOSED', 'QUEUE', 'MY']) {
    await step(`an administrator sees no session of the group ${group}`, async () => {
      const { data } = JSON.parse(await ada.raw(GROUP, { id: office.id(), group }));
      const sessions = data?.node?.sessions;
      equal([sessions?.nodes ?? [], sessions?.edges ?? []], [[], []], 'the sessions');
    });
  }

  await step('an administrator’s counters count nothing', async () => {
    const { viewer } = await ada.read(`{ viewer {
      counters { workspaceBadge unreadSessions unassignedSessions queue liveChats { id } }
      liveChats { id } sessions(first: 100) { nodes { id } }
    } }`);
    equal(
      viewer,
      {
        counters: {
          workspaceBadge: 0,
          unreadSessions: 0,
          unassignedSessions: 0,
          queue: 0,
          liveChats: [],
        },
        liveChats: [],
        sessions: { nodes: [] },
      },
      'what ada has',
    );
  });

  await step('an administrator finds no session by name', async () => {
    const { viewer } = await ada.read(
      '{ viewer { searchSessions(query: "Olga", first: 100) { nodes { id } pageInfo { hasNextPage } } } }',
    );
    equal(viewer.searchSessions, { nodes: [], pageInfo: { hasNextPage: false } }, 'the hits');
  });

  await step('an administrator sees no session of an item', async () => {
    const { node } = await ada.read(
      'query ($id: ID!) { node(id: $id) { ... on Item { sessions(first: 100) { nodes { id } } } } }',
      { id: item },
    );
    equal(node?.sessions?.nodes ?? [], [], 'the sessions');
  });
}

/**
 * @param {Office} office
 * @param {string[]} sessions
 * @param {{ client: string, message: string }} seen
 */
async function lookups(office, sessions, { client, message }) {
  const { ada } = office.people;

  await step('an administrator finds no session, client or message by its id', async () => {
    for (const id of [...sessions, client, message]) {
      equal(
        await ada.raw('query ($id: ID!) { node(id: $id) { __typename id } }', { id }),
        await ada.raw('query ($id: ID!) { node(id: $id) { __typename id } }', { id: 'nothing' }),
        'the answer',
      );
    }
    for (const id of sessions) {
      const { viewer } = await ada.read('query ($id: ID!) { viewer { session(id: $id) { id } } }', {
        id,
      });
      equal(viewer.session, null, 'viewer.session');
    }
  });
}

/**
 * @param {Office} office
 * @param {string[]} sessions
 * @param {string} item
 */
async function changes(office, sessions, item) {
  const { ada } = office.people;
  await ada.act(desk.PRESENCE, { presence: 'ONLINE' });
  const to = await office.company.ada.employee('ann');
  const key = crypto.randomUUID();
  /** @type {[string, string, Record<string, unknown>][]} */
  const all = [
    ['claimSession', desk.CLAIM, {}],
    ['sendMessage', desk.SEND, { text: 'No', key }],
    ['addNote', desk.NOTE, { text: 'No', key: `${key} note` }],
    ['markSessionRead', desk.READ, { upTo: 1 }],
    ['assignSession', desk.ASSIGN, { to }],
    ['returnSession', desk.RETURN, {}],
    ['closeSession', desk.CLOSE, {}],
    ['renameSession', desk.RENAME, { name: 'No' }],
    ['bindItem', desk.BIND, { item }],
    ['unbindItem', desk.UNBIND, { item }],
    ['setTyping', desk.TYPING, {}],
  ];
  for (const [mutation, document, variables] of all) {
    await step(`${mutation} is NOT_FOUND for an administrator`, async () => {
      for (const id of sessions) await ada.refused('NOT_FOUND', document, { id, ...variables });
    });
  }
  await ada.act(desk.PRESENCE, { presence: 'OFFLINE' });
}

/**
 * @param {Office} office
 * @param {string} session
 */
async function feeds(office, session) {
  const { ann, ada } = office.people;

  await step('an administrator is pushed no session, no alert and no message', async () => {
    const own = line(office.company.origin, ada.token);
    const query = 'subscription { sessions { kind session { id } } }';
    const sessions = listen(own, 'ada’s sessions', { query });
    const alerts = listen(own, 'ada’s alerts', { query: 'subscription { alerts { id } }' });
    const messages = listen(own, 'ada’s messages', {
      query: 'subscription ($id: ID!) { messages(sessionId: $id, afterSeq: 0) { id } }',
      variables: { id: session },
    });
    await sessions.next('READY', ({ kind }) => kind === 'READY');
    const name = office.company.named('Later');
    // What ann hears of it, ada would have heard as well.
    const heard = office.company.people.ann.sessions;
    await office.write(name);
    await heard.next('the new session', ({ session: one }) => one?.name === name);
    await office.reply(ann, session, 'An answer');
    await heard.next('the answer', ({ session: one }) => one?.preview.text === 'An answer');
    equal(
      sessions.all.map(({ kind }) => kind),
      ['READY'],
      'the sessions',
    );
    equal(alerts.all, [], 'the alerts');
    equal(messages.all, [], 'the messages');
    holds(messages.error || messages.isComplete, 'the messages are refused');
    await own.client.dispose();
  });
}
