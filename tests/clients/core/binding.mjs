// @ts-check
// Bind: sessions and the tenant's own records.

import { bound, ITEMS, session, told } from '../lib/binding.mjs';
import * as desk from '../lib/mutations.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

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
