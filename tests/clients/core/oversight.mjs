// @ts-check
// Administration alone gives no sight of sessions.

import * as acts from '../lib/acts.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { line, listen } from '../lib/socket.mjs';
import { Scene } from '../lib/scene.mjs';
import { step } from '../lib/steps.mjs';

const GROUP = `query ($id: ID!, $group: SessionGroup!) {
  node(id: $id) { ... on LiveChat { queueCount sessions(group: $group, first: 100) {
    nodes { id } edges { node { id } } pageInfo { hasNextPage }
  } } }
}`;

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { ann, sue } = scene.people;
  const queued = await scene.write('Olga Queued');
  const taken = await scene.taken('Olga Taken', ann);
  const closed = await scene.taken('Olga Closed', ann);
  await scene.close(ann, closed);
  const app = await scene.app('Accounts', 'ACCOUNT');
  const bound = { id: taken, app, title: 'Olga’s account' };
  const { item } = await ann.act(acts.CREATE_AND_BIND, bound);
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
  await lists(scene, seen.item);
  await lookups(scene, [queued, taken, closed], seen);
  await changes(scene, [queued, taken, closed], item.id);
  await feeds(scene, taken);
  await scene.end();
}

/**
 * @param {Scene} scene
 * @param {string} item
 */
async function lists(scene, item) {
  const { ada } = scene.people;

  for (const group of ['ACTIVE', 'CLOSED', 'QUEUE', 'MY']) {
    await step(`an administrator sees no session of the group ${group}`, async () => {
      const { data } = JSON.parse(await ada.raw(GROUP, { id: scene.id(), group }));
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
 * @param {Scene} scene
 * @param {string[]} sessions
 * @param {{ client: string, message: string }} seen
 */
async function lookups(scene, sessions, { client, message }) {
  const { ada } = scene.people;

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
 * @param {Scene} scene
 * @param {string[]} sessions
 * @param {string} item
 */
async function changes(scene, sessions, item) {
  const { ada } = scene.people;
  await ada.act(acts.PRESENCE, { presence: 'ONLINE' });
  const to = await scene.company.ada.employee('ann');
  const key = crypto.randomUUID();
  /** @type {[string, string, Record<string, unknown>][]} */
  const all = [
    ['claimSession', acts.CLAIM, {}],
    ['sendMessage', acts.SEND, { text: 'No', key }],
    ['addNote', acts.NOTE, { text: 'No', key: `${key} note` }],
    ['markSessionRead', acts.READ, { upTo: 1 }],
    ['assignSession', acts.ASSIGN, { to }],
    ['returnSession', acts.RETURN, {}],
    ['closeSession', acts.CLOSE, {}],
    ['renameSession', acts.RENAME, { name: 'No' }],
    ['bindItem', acts.BIND, { item }],
    ['unbindItem', acts.UNBIND, { item }],
    ['setTyping', acts.TYPING, {}],
  ];
  for (const [mutation, document, variables] of all) {
    await step(`${mutation} is NOT_FOUND for an administrator`, async () => {
      for (const id of sessions) await ada.refused('NOT_FOUND', document, { id, ...variables });
    });
  }
  await ada.act(acts.PRESENCE, { presence: 'OFFLINE' });
}

/**
 * @param {Scene} scene
 * @param {string} session
 */
async function feeds(scene, session) {
  const { ann, ada } = scene.people;

  await step('an administrator is pushed no session, no alert and no message', async () => {
    const own = line(scene.company.origin, ada.token);
    const query = 'subscription { sessions { kind session { id } } }';
    const sessions = listen(own, 'ada’s sessions', { query });
    const alerts = listen(own, 'ada’s alerts', { query: 'subscription { alerts { id } }' });
    const messages = listen(own, 'ada’s messages', {
      query: 'subscription ($id: ID!) { messages(sessionId: $id, afterSeq: 0) { id } }',
      variables: { id: session },
    });
    await sessions.next('READY', ({ kind }) => kind === 'READY');
    const name = scene.company.named('Later');
    // What ann hears of it, ada would have heard as well.
    const heard = scene.company.people.ann.sessions;
    await scene.write(name);
    await heard.next('the new session', ({ session: one }) => one?.name === name);
    await scene.reply(ann, session, 'An answer');
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
