// @ts-check
// Apps and their items: found by typing, pageable, and the sessions that are bound to one.

import * as desk from '../lib/mutations.mjs';
import * as admin from '../lib/administration.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { once, walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const ITEMS = `query ($id: ID!, $query: String, $first: Int!, $after: String) {
  node(id: $id) { ... on App { items(query: $query, first: $first, after: $after) {
    edges { cursor node { id title } } nodes { id title } pageInfo { hasNextPage endCursor }
  } } }
}`;

const SESSIONS = `query ($id: ID!, $after: String) { node(id: $id) { ... on Item {
  title app { id name } sessions(first: 2, after: $after) {
    nodes { id state } edges { cursor node { id } } pageInfo { hasNextPage endCursor }
  }
} } }`;

const APPS = 'query ($id: ID!) { viewer { liveChat(id: $id) { apps { id name kind } } } }';

/** @typedef {import('../lib/person.mjs').Person} Person */

/**
 * The titles of what is found.
 * @param {Person} who
 * @param {string} id of the app
 * @param {string | null} query
 * @param {number} [first]
 * @returns {Promise<string[]>}
 */
async function titles(who, id, query, first = 100) {
  const { nodes } = await walk(
    async (after) => (await who.read(ITEMS, { id, query, first, after })).node.items,
  );
  once(nodes, 'items');
  return nodes.map(({ title }) => title);
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    {
      Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
      Side: { eve: ['OPERATOR'], sue: ['SUPERVISOR'] },
    },
    ['kim'],
  );
  await apps(office);
  await typing(office);
  await sessions(office);
  await office.end();
}

/** @param {Office} office */
async function apps(office) {
  const { ann, eve, ada } = office.people;
  const name = office.company.named('Orders');
  const { app } = await ada.act(admin.CREATE_APP, { name, kind: 'REQUEST' });
  const other = (await ada.act(admin.CREATE_APP, { name: `${name} 2`, kind: 'ACCOUNT' })).app;
  const seen = async (/** @type {Person} */ who, /** @type {string} */ liveChat) =>
    (await who.read(APPS, { id: office.id(liveChat) })).viewer.liveChat.apps;

  await step('createApp answers the app, with its name and kind', () => {
    equal([app.name, app.kind], [name, 'REQUEST'], 'the app');
  });

  await step('an app is bound to nothing before a live chat names it', async () => {
    equal(await seen(ann, 'Desk'), [], 'the apps of the live chat');
  });

  await step('setLiveChatApps names the apps of a live chat', async () => {
    const answer = await ada.act(admin.SET_APPS, { id: office.id(), apps: [app.id, other.id] });
    equal(answer.liveChat.apps, [app, other], 'the answer');
    equal(await seen(ann, 'Desk'), [app, other], 'as ann sees them');
  });

  await step('setLiveChatApps is per live chat', async () => {
    equal(await seen(eve, 'Side'), [], 'the apps of the other live chat');
  });

  await step('setLiveChatApps names these apps in place of those before', async () => {
    await ada.act(admin.SET_APPS, { id: office.id(), apps: [other.id] });
    equal(await seen(ann, 'Desk'), [other], 'the apps');
    await ada.act(admin.SET_APPS, { id: office.id(), apps: [] });
    equal(await seen(ann, 'Desk'), [], 'the apps, none named');
  });

  await step(
    'setLiveChatApps of an app that does not exist is NOT_FOUND, changes nothing',
    async () => {
      await ada.act(admin.SET_APPS, { id: office.id(), apps: [app.id] });
      await ada.refused('NOT_FOUND', admin.SET_APPS, {
        id: office.id(),
        apps: [other.id, 'nothing'],
      });
      await ada.refused('NOT_FOUND', admin.SET_APPS, { id: office.id(), apps: [office.id()] });
      equal(await seen(ann, 'Desk'), [app], 'the apps');
    },
  );

  await step('setLiveChatApps names an app once, however often it is given', async () => {
    await ada.act(admin.SET_APPS, { id: office.id(), apps: [app.id, app.id] });
    equal(await seen(ann, 'Desk'), [app], 'the apps');
    await ada.act(admin.SET_APPS, { id: office.id(), apps: [] });
  });
}

/** @param {Office} office */
async function typing(office) {
  const { ann, eve, sue } = office.people;
  const app = await office.app('Accounts', 'ACCOUNT');
  const all = ['Anna Maria Lopez', 'Hannah', 'Maria Stein', 'Straße 12', '東京タワー', 'Anna-Lena'];
  let id = '';
  for (const title of all) {
    id = await office.taken('Client', ann);
    await ann.act(desk.CREATE_AND_BIND, { id, app, title });
  }
  const sorted = [...all].sort();

  for (const [query, what] of /** @type {[string | null, string][]} */ ([
    [null, 'no query'],
    ['', 'an empty query'],
    [' \t\n\u3000\u00a0', 'a query of white space'],
  ])) {
    await step(`${what} finds all items`, async () => {
      equal((await titles(ann, app, query)).sort(), sorted, 'what is found');
    });
  }

  for (const [query, found] of /** @type {[string, string[]][]} */ ([
    ['ann', ['Anna Maria Lopez', 'Anna-Lena', 'Hannah']],
    ['MARIA', ['Anna Maria Lopez', 'Maria Stein']],
    ['maria ann', ['Anna Maria Lopez']],
    ['lopez\u3000anna', ['Anna Maria Lopez']],
    ['strasse', ['Straße 12']],
    ['京タ', ['東京タワー']],
    ['nobody', []],
    ['anna nobody', []],
  ])) {
    await step(`items: ${query} finds ${found.length}`, async () => {
      equal((await titles(ann, app, query)).sort(), found, 'what is found');
      equal((await titles(ann, app, query, 1)).sort(), found, 'what is found one by one');
    });
  }

  await step('an item is found as soon as it is created', async () => {
    const title = `Just ${crypto.randomUUID()}`;
    await ann.act(desk.CREATE_AND_BIND, { id, app, title });
    equal(await titles(ann, app, title.toUpperCase()), [title], 'what is found at once');
  });

  await step('105 items are all found, page by page, and nothing twice', async () => {
    const many = await office.app('Many', 'REQUEST');
    // A session at a time, so that they do not wait for each other's version.
    await Promise.all(
      Array.from({ length: 5 }, async (_, tens) => {
        const session = await office.taken('Client', ann);
        for (let at = 0; at < 21; at += 1) {
          const title = `Thing ${tens * 21 + at}`;
          await ann.act(desk.CREATE_AND_BIND, { id: session, app: many, title });
        }
      }),
    );
    const expected = Array.from({ length: 105 }, (_, at) => `Thing ${at}`).sort();
    equal((await titles(ann, many, null, 7)).sort(), expected, 'all, seven by seven');
    equal((await titles(ann, many, 'thing', 100)).sort(), expected, 'all, by a word');
    const nines = expected.filter((title) => title.includes('9'));
    equal((await titles(ann, many, '9', 4)).sort(), nines, 'those with a nine');
  });

  await step('items are for those whose live chats name the app', async () => {
    for (const who of [ann, sue]) holds((await titles(who, app, 'hannah')).length === 1, who.as);
    for (const who of [eve, office.people.kim]) {
      const { node } = await who.read(ITEMS, { id: app, query: null, first: 100 });
      equal(node?.items.nodes ?? [], [], who.as);
    }
  });
}

/** @param {Office} office */
async function sessions(office) {
  const { ann, bob, sue, eve, ada } = office.people;
  const app = await office.app('Shared', 'REQUEST');
  const { ada: setup } = office.company;
  await setup.setLiveChatApps(office.id('Side'), [app]);
  const first = await office.taken('First', ann);
  const { item } = await ann.act(desk.CREATE_AND_BIND, { id: first, app, title: 'Broken tap' });
  const bobs = await office.taken('Second', bob);
  await bob.act(desk.BIND, { id: bobs, item: item.id });
  const eves = await office.taken('Third', eve, { liveChat: 'Side' });
  await eve.act(desk.BIND, { id: eves, item: item.id });
  const closed = await office.taken('Fourth', ann);
  await ann.act(desk.BIND, { id: closed, item: item.id });
  await office.close(ann, closed);
  const of = async (/** @type {Person} */ who) => {
    const { nodes } = await walk(
      async (after) => (await who.read(SESSIONS, { id: item.id, after })).node.sessions,
    );
    once(nodes, 'sessions');
    return nodes.map(({ id }) => id).sort();
  };

  /** @type {[Person, string, string[]][]} */
  const all = [
    [ann, 'an operator, those they have and had', [first, closed]],
    [bob, 'another operator, theirs', [bobs]],
    [eve, 'an operator of another live chat, theirs', [eves]],
    [sue, 'a supervisor of both, all', [first, bobs, eves, closed]],
  ];
  for (const [who, whom, expected] of all) {
    await step(`an item shows ${whom}`, async () => {
      equal(await of(who), [...expected].sort(), 'the sessions');
    });
  }

  await step('an item shows no session that is readable only through a later one', async () => {
    const from = crypto.randomUUID();
    const earlier = await office.taken('Twice', ann, { from });
    await ann.act(desk.BIND, { id: earlier, item: item.id });
    await office.close(ann, earlier);
    await office.taken('Twice', bob, { from });
    equal(await of(bob), [bobs], 'as bob sees it, who has the later one');
    holds((await of(sue)).includes(earlier), 'sue sees it');
  });

  await step('an item shows an administrator none', async () => {
    const { node } = await ada.read(SESSIONS, { id: item.id });
    equal(node?.sessions.nodes ?? [], [], 'the sessions');
  });

  await step('an item shows a queued session to all who see the queue', async () => {
    await ann.act(desk.RETURN, { id: first });
    equal(await of(bob), [first, bobs].sort(), 'as bob sees it');
  });

  await step('an item shows no session that was unbound', async () => {
    await sue.act(desk.UNBIND, { id: first, item: item.id });
    await eventually('it is gone', async () => !(await of(sue)).includes(first));
    equal(await of(bob), [bobs], 'as bob sees it');
  });

  await step('an item says of what app it is', async () => {
    const { node } = await ann.read(SESSIONS, { id: item.id });
    equal(
      [node.title, node.app],
      ['Broken tap', { id: app, name: office.company.named('Shared') }],
      'the item',
    );
  });
}
