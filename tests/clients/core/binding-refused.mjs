// @ts-check
// What cannot be bound: what is not there, what is of an internal client, what is too much.

import { bound, ITEMS } from '../lib/binding.mjs';
import * as desk from '../lib/mutations.mjs';
import { equal } from '../lib/expect.mjs';
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
  await missing(office, app);
  await internal(office, app);
  await many(office, app);
  await office.end();
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
