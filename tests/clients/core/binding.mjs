// @ts-check
// Bind: sessions and the tenant's own records.

import * as desk from '../lib/mutations.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const SESSION = `query ($id: ID!) { viewer { session(id: $id) {
  state version bindings { item { id title } boundAt boundBy { name } }
  messages(last: 100) { nodes { kind event { kind item { id title } } } }
} } }`;

const ITEMS = `query ($id: ID!, $query: String) { node(id: $id) { ... on App {
  items(query: $query, first: 100) { nodes { id title } }
} } }`;

/** @typedef {import('../lib/person.mjs').Person} Person */

/**
 * @param {Person} who
 * @param {string} id
 */
async function session(who, id) {
  return (await who.read(SESSION, { id })).viewer.session;
}

/**
 * What a session is bound to.
 * @param {Person} who
 * @param {string} id
 * @returns {Promise<string[]>}
 */
async function bound(who, id) {
  return (await session(who, id)).bindings.map((/** @type {any} */ { item }) => item.id);
}

/**
 * The last events of a dialog that are about items.
 * @param {Person} who
 * @param {string} id
 */
async function told(who, id) {
  const { messages } = await session(who, id);
  return messages.nodes
    .filter((/** @type {any} */ { event }) => event?.item)
    .map((/** @type {any} */ { event }) => [event.kind, event.item.id]);
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    {
      Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
      Side: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
    },
    ['kim', 'other/ann'],
  );
  const app = await office.app('Accounts', 'ACCOUNT');
  await binding(office, app);
  await unbinding(office, app);
  await allowed(office, app);
  await closed(office, app);
  await missing(office, app);
  await internal(office, app);
  await many(office, app);
  await office.end();
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function binding(office, app) {
  const { ann, sue } = office.people;
  const first = await office.taken('Olga', ann);
  const second = await office.taken('Vera', ann);
  let item = '';

  await step('+Bind creates a new item and binds it in one step', async () => {
    const made = await ann.act(desk.CREATE_AND_BIND, { id: first, app, title: 'Olga Petrova' });
    equal([made.item.title, made.item.app.id], ['Olga Petrova', app], 'the item');
    item = made.item.id;
    equal(await bound(ann, first), [item], 'what the session is bound to');
    equal(await told(ann, first), [['BOUND', item]], 'what the dialog tells');
  });

  await step('+Bind picks an existing item, found by typing', async () => {
    const { node } = await ann.read(ITEMS, { id: app, query: 'petr' });
    equal(node.items.nodes, [{ id: item, title: 'Olga Petrova' }], 'what is found');
    const answer = await ann.act(desk.BIND, { id: second, item });
    equal(answer.item, { id: item, title: 'Olga Petrova' }, 'the item');
    equal(await bound(sue, second), [item], 'what the session is bound to');
    equal(await told(ann, second), [['BOUND', item]], 'what the dialog tells');
  });

  await step('binding twice is no error, and binds once', async () => {
    const before = await session(ann, second);
    await ann.act(desk.BIND, { id: second, item });
    equal(await bound(ann, second), [item], 'what the session is bound to');
    equal((await session(ann, second)).messages, before.messages, 'the dialog');
    equal((await session(ann, second)).bindings, before.bindings, 'who bound it, and when');
  });

  await step('binding by several at the same time binds once', async () => {
    const id = await office.taken('Both', ann);
    await Promise.all([ann, sue, ann, sue].map((who) => who.act(desk.BIND, { id, item })));
    equal(await bound(ann, id), [item], 'what the session is bound to');
    equal(await told(ann, id), [['BOUND', item]], 'what the dialog tells');
  });

  await step('a binding is pushed to who sees the session', async () => {
    const feed = office.company.people.sue.sessions;
    const { version } = await session(ann, second);
    await ann.act(desk.CREATE_AND_BIND, { id: second, app, title: 'Pushed' });
    const change = await feed.next(
      'it',
      ({ session: one }) => one?.id === second && one.version > version,
    );
    equal(change.kind, 'BOUND', 'what happened');
  });
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function unbinding(office, app) {
  const { ann, sue } = office.people;
  const id = await office.taken('Igor', ann);
  const make = async (/** @type {string} */ title) =>
    (await ann.act(desk.CREATE_AND_BIND, { id, app, title })).item.id;
  const [one, two, three] = [await make('One'), await make('Two'), await make('Three')];

  await step('items stand in the order in which they were bound', async () => {
    equal(await bound(ann, id), [one, two, three], 'what the session is bound to');
  });

  await step('unbindItem unbinds this item and no other', async () => {
    const { item } = await ann.act(desk.UNBIND, { id, item: two });
    equal(item, { id: two, title: 'Two' }, 'the item');
    equal(await bound(sue, id), [one, three], 'what the session is bound to');
    equal((await told(ann, id)).at(-1), ['UNBOUND', two], 'what the dialog tells');
  });

  await step('unbinding twice is no error, and is told once', async () => {
    const before = await session(ann, id);
    await ann.act(desk.UNBIND, { id, item: two });
    equal((await session(ann, id)).messages, before.messages, 'the dialog');
    equal(await bound(ann, id), [one, three], 'what the session is bound to');
  });

  await step('an item that was unbound can be bound again', async () => {
    await ann.act(desk.BIND, { id, item: two });
    equal(await bound(ann, id), [one, three, two], 'what the session is bound to');
  });

  await step('an item that was unbound is there still', async () => {
    await ann.act(desk.UNBIND, { id, item: one });
    const { node } = await ann.read(ITEMS, { id: app, query: 'one' });
    holds(
      node.items.nodes.some((/** @type {any} */ item) => item.id === one),
      'it is found by typing',
    );
  });
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function allowed(office, app) {
  const { ann, bob, sue } = office.people;
  const queued = await office.write('Queued');
  const taken = await office.taken('Taken', ann);
  const bind = { id: queued, app, title: 'Thing' };

  await step('binding is NOT_ASSIGNED for an operator of a queued session', async () => {
    await ann.refused('NOT_ASSIGNED', desk.CREATE_AND_BIND, bind);
  });

  await step('a supervisor may bind a queued session, and unbind it', async () => {
    const { item } = await sue.act(desk.CREATE_AND_BIND, bind);
    await ann.refused('NOT_ASSIGNED', desk.UNBIND, { id: queued, item: item.id });
    equal(await bound(ann, queued), [item.id], 'before');
    await sue.act(desk.UNBIND, { id: queued, item: item.id });
    equal(await bound(ann, queued), [], 'after');
  });

  await step('a supervisor may bind what an operator has', async () => {
    await sue.act(desk.CREATE_AND_BIND, { ...bind, id: taken });
  });

  await step('binding is NOT_FOUND for an operator of a session that another has', async () => {
    await bob.refused('NOT_FOUND', desk.CREATE_AND_BIND, { ...bind, id: taken });
  });

  await step('binding is OPERATOR_OFFLINE for who is offline', async () => {
    await ann.act(desk.PRESENCE, { presence: 'OFFLINE' });
    await ann.refused('OPERATOR_OFFLINE', desk.CREATE_AND_BIND, { ...bind, id: taken });
    await ann.act(desk.PRESENCE, { presence: 'ONLINE' });
  });

  await step(
    'binding is FORBIDDEN when a session is readable only through a later one',
    async () => {
      const from = crypto.randomUUID();
      const id = await office.taken('Twice', ann, { from });
      await office.close(ann, id);
      await office.taken('Twice', bob, { from });
      await bob.refused('FORBIDDEN', desk.CREATE_AND_BIND, { ...bind, id });
    },
  );

  await step('what was refused created no item', async () => {
    const { node } = await ann.read(ITEMS, { id: app, query: 'thing' });
    equal(node.items.nodes.length, 2, 'how many there are of sue’s two');
  });
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function closed(office, app) {
  const { ann, bob, sue } = office.people;
  const id = await office.taken('Done', ann);
  await office.close(ann, id);
  const entries = (await session(ann, id)).messages.nodes.length;

  await step('a closed session may be bound by its last operator, and unbound', async () => {
    const { item } = await ann.act(desk.CREATE_AND_BIND, { id, app, title: 'Late' });
    equal(await bound(sue, id), [item.id], 'what the session is bound to');
    await ann.act(desk.UNBIND, { id, item: item.id });
    equal(await bound(sue, id), [], 'what it is bound to then');
  });

  await step('a closed session may be bound by a supervisor', async () => {
    const { item } = await sue.act(desk.CREATE_AND_BIND, { id, app, title: 'Later' });
    equal(await bound(ann, id), [item.id], 'what the session is bound to');
  });

  await step('a closed session may be bound by nobody else', async () => {
    await bob.refused('NOT_FOUND', desk.CREATE_AND_BIND, { id, app, title: 'No' });
  });

  await step(
    'binding a closed session leaves no EVENT in the dialog, and it stays closed',
    async () => {
      const { messages, state } = await session(ann, id);
      equal([messages.nodes.length, state], [entries, 'CLOSED'], 'entries and state');
    },
  );
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function missing(office, app) {
  const { ann, 'other/ann': stranger } = office.people;
  const id = await office.taken('Max', ann);
  const side = await office.taken('Side', ann, { liveChat: 'Side' });
  const unnamed = await office.app('Unnamed', 'REQUEST', 'Side');
  const made = { id: side, app: unnamed, title: 'Elsewhere' };
  const elsewhere = (await ann.act(desk.CREATE_AND_BIND, made)).item.id;
  const here = (await ann.act(desk.CREATE_AND_BIND, { id, app, title: 'Here' })).item.id;

  await step('an item of an app that the live chat does not name is NOT_FOUND', async () => {
    await ann.refused('NOT_FOUND', desk.BIND, { id, item: elsewhere });
    equal(await bound(ann, id), [here], 'what the session is bound to');
  });

  await step('an app that the live chat does not name is NOT_FOUND', async () => {
    await ann.refused('NOT_FOUND', desk.CREATE_AND_BIND, { id, app: unnamed, title: 'No' });
  });

  await step('an item that does not exist is NOT_FOUND', async () => {
    await ann.refused('NOT_FOUND', desk.BIND, { id, item: 'nothing' });
    await ann.refused('NOT_FOUND', desk.BIND, { id, item: app });
    await ann.refused('NOT_FOUND', desk.UNBIND, { id, item: 'nothing' });
  });

  await step('sessions, apps and items of another tenant are NOT_FOUND', async () => {
    await stranger.refused('NOT_FOUND', desk.BIND, { id, item: here });
    await stranger.refused('NOT_FOUND', desk.CREATE_AND_BIND, { id, app, title: 'No' });
    await stranger.refused('NOT_FOUND', desk.UNBIND, { id, item: here });
    const nodes = await stranger.read('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [id, app, here],
    });
    equal(nodes.nodes, [null, null, null], 'as nodes');
  });

  await step('what was bound stays bound when the live chat names its app no more', async () => {
    const { ada } = office.company;
    await ada.setLiveChatApps(office.id(), []);
    equal(await bound(ann, id), [here], 'what the session is bound to');
    const other = await office.taken('Other', ann);
    await ann.refused('NOT_FOUND', desk.BIND, { id: other, item: here });
    await ada.setLiveChatApps(office.id(), [app]);
    await ann.act(desk.BIND, { id: other, item: here });
  });
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function internal(office, app) {
  const { ann, sue, kim } = office.people;
  const text = crypto.randomUUID();
  await kim.act(desk.POST, { liveChatId: office.id(), text, key: text });
  const id = await office.find(text);
  await ann.act(desk.CLAIM, { id });
  const other = await office.taken('External', ann);
  const { item } = await ann.act(desk.CREATE_AND_BIND, { id: other, app, title: 'Someone' });

  await step('for an internal client binding is INTERNAL_CLIENT', async () => {
    for (const who of [ann, sue]) {
      await who.refused('INTERNAL_CLIENT', desk.BIND, { id, item: item.id });
    }
  });

  await step('for an internal client creating and binding is INTERNAL_CLIENT', async () => {
    for (const who of [ann, sue]) {
      await who.refused('INTERNAL_CLIENT', desk.CREATE_AND_BIND, { id, app, title: 'Never' });
    }
    const { node } = await ann.read(ITEMS, { id: app, query: 'never' });
    equal(node.items.nodes, [], 'no item was created');
    equal(await bound(ann, id), [], 'what the session is bound to');
  });

  await step('for an internal client binding is impossible in a closed session too', async () => {
    await office.close(ann, id);
    await ann.refused('INTERNAL_CLIENT', desk.BIND, { id, item: item.id });
  });
}

/**
 * @param {Office} office
 * @param {string} app
 */
async function many(office, app) {
  const { ann, sue } = office.people;
  const id = await office.taken('Collector', ann);

  await step('a session is bound to at most 50 items, then LIMIT', async () => {
    for (let at = 0; at < 49; at += 1) {
      await ann.act(desk.CREATE_AND_BIND, { id, app, title: `Piece ${at}` });
    }
    // Two at the same time for the last place: one gets it.
    const codes = await Promise.all(
      [ann, sue].map(async (who) => {
        const refusal = await who.refusal(desk.CREATE_AND_BIND, { id, app, title: 'The last' });
        return refusal?.code ?? 'bound';
      }),
    );
    equal(codes.sort(), ['LIMIT', 'bound'], 'how it went');
    await ann.refused('LIMIT', desk.CREATE_AND_BIND, { id, app, title: 'One more' });
    equal((await bound(ann, id)).length, 50, 'how many there are');
  });

  await step('at the limit, binding what is bound is no error', async () => {
    await ann.act(desk.BIND, { id, item: (await bound(ann, id))[7] });
  });

  await step('what met the limit created no item', async () => {
    const { node } = await ann.read(ITEMS, { id: app, query: 'one more' });
    equal(node.items.nodes, [], 'the items of that title');
  });

  await step('below the limit again, another can be bound', async () => {
    await ann.act(desk.UNBIND, { id, item: (await bound(ann, id))[7] });
    await ann.act(desk.CREATE_AND_BIND, { id, app, title: 'One more after all' });
    equal((await bound(ann, id)).length, 50, 'how many there are');
  });
}
