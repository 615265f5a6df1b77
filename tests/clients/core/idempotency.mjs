// @ts-check
// idempotencyKey: the same key from the same person within 24 hours gives the first answer.

import { CREATE_AND_BIND } from '../lib/mutations.mjs';
import * as admin from '../lib/administration.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/person.mjs').Person} Person */
/**
 * @typedef {object} Keyed a mutation that takes a key
 * @property {string} name
 * @property {string} document
 * @property {Record<string, unknown>} variables
 * @property {Record<string, unknown>} others for other content
 * @property {string} made the field of what is made
 * @property {() => Promise<string[]>} all the ids of all that were made until now
 */

const LIVE_CHAT = `query ($id: ID!) { node(id: $id) { ... on LiveChat {
  channels { id } templates(first: 100) { nodes { id } }
} } }`;

const ids = (/** @type {any[]} */ nodes) => nodes.map(({ id }) => id);

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { ada, ann, sue } = office.people;
  for (const keyed of administered(office)) await repeated(keyed, ada);
  const app = await office.app('Accounts', 'ACCOUNT');
  const session = await office.taken('Olga', ann);
  /** @type {Keyed} */
  const bound = {
    name: 'createAndBindItem',
    document: CREATE_AND_BIND,
    variables: { id: session, app, title: 'One' },
    others: { title: 'Another' },
    made: 'item',
    all: async () => {
      const { node } = await ann.read(
        'query ($id: ID!) { node(id: $id) { ... on App { items(first: 100) { nodes { id } } } } }',
        { id: app },
      );
      return ids(node.items.nodes);
    },
  };
  await repeated(bound, ann);

  await step('the same key from another person is another act', async () => {
    const key = crypto.randomUUID();
    const first = await ann.act(CREATE_AND_BIND, { ...bound.variables, key });
    const second = await sue.act(CREATE_AND_BIND, { ...bound.variables, key });
    holds(first.item.id !== second.item.id, 'they are two items');
  });

  await step('the same key for another act is KEY_REUSED', async () => {
    const key = crypto.randomUUID();
    await ada.act(admin.CREATE_APP, { name: office.company.named('Keyed'), kind: 'REQUEST', key });
    const name = office.company.named('Never made');
    await ada.refused('KEY_REUSED', admin.CREATE_LIVE_CHAT, { name, key });
  });

  await step('a refused act leaves its key free', async () => {
    const key = crypto.randomUUID();
    await ada.refused('INVALID', admin.CREATE_LIVE_CHAT, { name: '', key });
    await ada.act(admin.CREATE_LIVE_CHAT, { name: office.company.named('Made'), key });
  });
  await office.end();
}

/**
 * What administrators create.
 * @param {Office} office
 * @returns {Keyed[]}
 */
function administered(office) {
  const { ada } = office.people;
  const id = office.id();
  const node = async () => (await ada.read(LIVE_CHAT, { id })).node;
  const liveChats = async (/** @type {string | null} */ after) =>
    (await ada.read(admin.LIVE_CHATS, { first: 100, after })).administration.liveChats;
  return [
    {
      name: 'createLiveChat',
      document: admin.CREATE_LIVE_CHAT,
      variables: { name: office.company.named('Once') },
      others: { name: office.company.named('Other') },
      made: 'liveChat',
      all: async () => ids((await walk(liveChats)).nodes),
    },
    {
      name: 'createChannel',
      document: admin.CREATE_CHANNEL,
      variables: { id, name: 'Once' },
      others: { name: 'Other' },
      made: 'channel',
      all: async () => ids((await node()).channels),
    },
    {
      name: 'createApp',
      document: admin.CREATE_APP,
      variables: { name: office.company.named('Once'), kind: 'ACCOUNT' },
      others: { kind: 'REQUEST' },
      made: 'app',
      all: async () =>
        ids((await ada.read('{ administration { apps { id } } }')).administration.apps),
    },
    {
      name: 'createTemplate',
      document: admin.CREATE_TEMPLATE,
      variables: { id, title: 'Once', text: 'Hello' },
      others: { text: 'Good bye' },
      made: 'template',
      all: async () => ids((await node()).templates.nodes),
    },
  ];
}

/**
 * @param {Keyed} keyed
 * @param {Person} who
 */
async function repeated({ name, document, variables, others, made, all }, who) {
  const key = crypto.randomUUID();
  const before = (await all()).length;

  await step(`${name}: the same key gives the first answer`, async () => {
    const first = await who.act(document, { ...variables, key });
    const again = await who.act(document, { ...variables, key });
    equal(again[made], first[made], 'what it answers');
    equal((await all()).length, before + 1, 'how many there are');
  });

  await step(`${name}: the same key at the same time makes one`, async () => {
    const twin = crypto.randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => who.act(document, { ...variables, key: twin })),
    );
    equal(new Set(answers.map((one) => one[made].id)).size, 1, 'how many different answers');
    equal((await all()).length, before + 2, 'how many there are');
  });

  await step(`${name}: the same key with other content is KEY_REUSED`, async () => {
    await who.refused('KEY_REUSED', document, { ...variables, ...others, key });
    equal((await all()).length, before + 2, 'how many there are');
  });

  await step(`${name}: another key, or none, makes another`, async () => {
    await who.act(document, { ...variables, key: crypto.randomUUID() });
    await who.act(document, variables);
    await who.act(document, variables);
    equal((await all()).length, before + 5, 'how many there are');
  });

  await step(`${name}: a key has 1 to 100 characters, else INVALID`, async () => {
    await who.act(document, { ...variables, key: '🔑'.repeat(64) + crypto.randomUUID() });
    for (const wrong of ['', '🔑'.repeat(101)]) {
      const { code, field } = (await who.refusal(document, { ...variables, key: wrong })) ?? {};
      equal([code, field], ['INVALID', ['idempotencyKey']], `a key of ${[...wrong].length}`);
    }
    equal((await all()).length, before + 6, 'how many there are');
  });
}
