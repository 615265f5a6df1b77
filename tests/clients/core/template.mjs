// @ts-check
// Templates: ready answers of a live chat, with the variables filled in.

import * as desk from '../lib/mutations.mjs';
import * as admin from '../lib/administration.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { once, walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const TEMPLATES = `query ($id: ID!, $query: String, $first: Int!, $after: String) { viewer {
  session(id: $id) { templates(query: $query, first: $first, after: $after) {
    edges { cursor node { id } } nodes { id title text } pageInfo { hasNextPage endCursor }
  } }
} }`;

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id ... on Template { title text } } }';

/** @typedef {import('../lib/person.mjs').Person} Person */

/**
 * What somebody finds in a session.
 * @param {Person} who
 * @param {string} id
 * @param {string | null} [query]
 * @param {number} [first]
 * @returns {Promise<any[]>}
 */
async function templates(who, id, query = null, first = 100) {
  const { nodes } = await walk(
    async (after) =>
      (await who.read(TEMPLATES, { id, query, first, after })).viewer.session.templates,
  );
  once(nodes, 'templates');
  return nodes;
}

/**
 * @param {Person} who
 * @param {string} id
 * @param {string | null} query
 * @param {number} [first]
 * @returns {Promise<string[]>} their titles, sorted
 */
async function titles(who, id, query, first) {
  return (await templates(who, id, query, first)).map(({ title }) => title).sort();
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, {
    Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
    Side: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  const { ada, ann } = office.people;
  const id = office.id();
  const session = await office.taken('Olga Petrova', ann);
  const create = async (/** @type {string} */ title, /** @type {string} */ text) =>
    (await ada.act(admin.CREATE_TEMPLATE, { id, title, text })).template;
  await filling(office, session, create);
  await typing(office, session, create);
  await deleting(office, session, create);
  await office.end();
}

/**
 * @param {Office} office
 * @param {string} session
 * @param {(title: string, text: string) => Promise<any>} create
 */
async function filling(office, session, create) {
  const { ann, bob, sue } = office.people;
  const liveChat = office.company.liveChats.Desk.name;
  const text = 'Dear {client}, this is {operator} of {liveChat}, about {session}.';
  const made = await create('Greeting', text);
  const filled = async (/** @type {Person} */ who, /** @type {string} */ id) =>
    (await templates(who, id, 'greeting'))[0];

  await step('createTemplate answers the template as it was written', () => {
    equal([made.title, made.text], ['Greeting', text], 'the template');
  });

  await step('in a session the variables are filled in', async () => {
    const expected = `Dear Olga Petrova, this is Ann of ${liveChat}, about Olga Petrova.`;
    for (const who of [ann, sue]) equal((await filled(who, session)).text, expected, who.as);
  });

  await step('in another session they are filled in with that one’s', async () => {
    const other = await office.taken('Igor', bob);
    await bob.act(desk.RENAME, { id: other, name: 'Refund 4711' });
    const expected = `Dear Igor, this is Bob of ${liveChat}, about Refund 4711.`;
    equal((await filled(bob, other)).text, expected, 'the text');
  });

  await step(
    'a template of two sessions never shares an id, so that no cache mixes them',
    async () => {
      const other = await office.taken('Vera', ann);
      const [one, two] = [await filled(ann, session), await filled(ann, other)];
      holds(one.text !== two.text, 'they differ');
      holds(one.id !== two.id, 'and so do their ids');
    },
  );

  await step('what is filled in is not filled in again', async () => {
    const odd = await office.taken('{operator} {liveChat}', ann);
    const { text: shown } = await filled(ann, odd);
    holds(shown.startsWith('Dear {operator} {liveChat}, this is Ann'), shown);
  });

  await step('a filled template is found by its id', async () => {
    const one = await filled(ann, session);
    const { node } = await ann.read(NODE, { id: one.id });
    equal(node, { __typename: 'Template', ...one }, 'the node');
  });

  await step('the templates are those of the session’s live chat', async () => {
    const side = await office.taken('Elsewhere', ann, { liveChat: 'Side' });
    equal(await templates(ann, side), [], 'those of another');
  });
}

/**
 * @param {Office} office
 * @param {string} session
 * @param {(title: string, text: string) => Promise<any>} create
 */
async function typing(office, session, create) {
  const { ann } = office.people;
  await create('Straße', 'We are at Große Straße 12');
  await create('挨拶', '東京からこんにちは');
  await create('Closing', 'Good bye {client}, and thank you');
  const all = ['Closing', 'Greeting', 'Straße', '挨拶'];

  for (const query of [null, '', ' \u3000\t']) {
    await step(`the query ${JSON.stringify(query)} finds all templates`, async () => {
      equal(await titles(ann, session, query), all, 'what is found');
      equal(await titles(ann, session, query, 1), all, 'what is found one by one');
    });
  }

  for (const [why, query, found] of /** @type {[string, string, string[]][]} */ ([
    ['by a part of its title', 'losin', ['Closing']],
    ['by a part of its text', 'thank', ['Closing']],
    ['folded', 'GROSSE strasse', ['Straße']],
    ['in any script', '京', ['挨拶']],
    ['by words of title and text, in any order', 'bye clos', ['Closing']],
    ['by what is filled in', 'petrova', ['Closing', 'Greeting']],
    ['not by a word that it has not', 'closing nobody', []],
    ['not by the name of a variable', '{client}', []],
  ])) {
    await step(`a template is found by typing, ${why}`, async () => {
      equal(await titles(ann, session, query), found, 'what is found');
      equal(await titles(ann, session, query, 1), found, 'what is found one by one');
    });
  }

  await step('120 templates are all found, page by page', async () => {
    const bulk = Array.from({ length: 116 }, (_, at) => `Bulk ${at}`);
    for (const title of bulk) await create(title, 'The same');
    equal(await titles(ann, session, null, 50), [...all, ...bulk].sort(), 'all');
    equal(await titles(ann, session, 'same', 100), [...bulk].sort(), 'those with a word');
    equal(await titles(ann, session, 'bulk 77', 7), ['Bulk 77'], 'the one');
  });
}

/**
 * @param {Office} office
 * @param {string} session
 * @param {(title: string, text: string) => Promise<any>} create
 */
async function deleting(office, session, create) {
  const { ada, ann } = office.people;
  const made = await create('Doomed', 'Never again');
  const [filled] = await templates(ann, session, 'doomed');

  await step('deleteTemplate answers the id that it deleted', async () => {
    const { deletedId } = await ada.act(admin.DELETE_TEMPLATE, { id: made.id });
    equal(deletedId, made.id, 'the id');
  });

  await step('a deleted template is found no more, neither by typing nor by its id', async () => {
    equal(await templates(ann, session, 'doomed'), [], 'by typing');
    for (const who of [ada, ann]) {
      for (const id of [made.id, filled.id]) {
        equal((await who.read(NODE, { id })).node, null, `by its id, as ${who.as}`);
      }
    }
  });

  await step('deleting what is not there is NOT_FOUND', async () => {
    for (const id of [made.id, filled.id, 'nothing', office.id()]) {
      await ada.refused('NOT_FOUND', admin.DELETE_TEMPLATE, { id });
    }
  });

  await step('deleting one leaves the others', async () => {
    equal((await templates(ann, session)).length, 120, 'how many there are');
  });
}
