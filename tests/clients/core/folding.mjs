// @ts-check
// The folding of search, in many scripts: the same in names, dialogs, items and templates.

import { CREATE_AND_BIND } from '../lib/mutations.mjs';
import { CREATE_TEMPLATE } from '../lib/administration.mjs';
import { equal, eventually } from '../lib/expect.mjs';
import { walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { some } from '../lib/some.mjs';
import { BLANK, WRITINGS } from '../lib/scripts.mjs';
import { step } from '../lib/steps.mjs';

const NAMES = `query ($query: String!, $after: String) { viewer {
  searchSessions(query: $query, first: 100, after: $after) {
    edges { node { id name } nameParts { text isMatch } } pageInfo { hasNextPage endCursor }
  }
} }`;

const REST = `query ($id: ID!, $app: ID!, $query: String!) {
  viewer { session(id: $id) {
    searchMessages(query: $query, first: 100) {
      nameParts { text isMatch } edges { node { text } textParts { text isMatch } }
      pageInfo { hasNextPage }
    }
    templates(query: $query, first: 100) { nodes { title } }
  } }
  node(id: $app) { ... on App { items(query: $query, first: 100) { nodes { title } } } }
}`;

/**
 * @typedef {object} Place where a name stands
 * @property {string} id of the session that has it as its name and as its one message
 * @property {string} name
 */

const joined = (/** @type {any[]} */ parts) => parts.map(({ text }) => text).join('');
const marked = (/** @type {any[]} */ parts) =>
  parts.filter(({ isMatch }) => isMatch).map(({ text }) => text);

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { sue, ada } = office.people;
  const app = await office.app('Things', 'REQUEST');
  /** @type {Record<string, Place>} by name */
  const places = {};
  await some([...new Set(WRITINGS.map((one) => one.name))], async (name) => {
    const id = await office.write(name, name);
    places[name] = { id, name };
    await sue.act(CREATE_AND_BIND, { id, app, title: name });
    await ada.act(CREATE_TEMPLATE, { id: office.id(), title: name, text: 'Hello' });
  });
  for (const { why, name, query, marks } of WRITINGS) {
    const shown = JSON.stringify(query);
    await step(`${why}: ${shown} ${marks ? 'finds' : 'does not find'} ${name}`, async () => {
      equal(await look(office, places[name], app, query, Boolean(marks)), found(name, marks), 'it');
    });
  }
  for (const query of BLANK) {
    await step(
      `a blank query, ${JSON.stringify(query)}, finds nothing, but all items`,
      async () => {
        await blank(office, Object.values(places), app, query);
      },
    );
  }
  await office.end();
}

/**
 * What is to be found of a name.
 * @param {string} name
 * @param {string[] | undefined} marks
 */
function found(name, marks) {
  const parts = { joined: name, marked: marks };
  return marks
    ? { names: parts, title: parts, messages: parts, items: true, templates: true }
    : {
        names: undefined,
        title: { joined: name, marked: [] },
        messages: undefined,
        items: false,
        templates: false,
      };
}

/**
 * What is found of a name, everywhere.
 * @param {Office} office
 * @param {Place} place
 * @param {string} app
 * @param {string} query
 * @param {boolean} waits for the name to be found, which may take a second
 */
async function look(office, { id, name }, app, query, waits) {
  const { sue } = office.people;
  const names = async () => {
    const { edges } = await walk(
      async (after) => (await sue.read(NAMES, { query, after })).viewer.searchSessions,
    );
    return edges.find(({ node }) => node.id === id);
  };
  const edge = waits ? await eventually('', names).catch(() => undefined) : await names();
  const { viewer, node } = await sue.read(REST, { id, app, query });
  const { nameParts, edges } = viewer.session.searchMessages;
  const hit = edges.find((/** @type {any} */ one) => one.node.text === name);
  const parts = (/** @type {any[] | undefined} */ some) =>
    some && { joined: joined(some), marked: marked(some) };
  const titled = (/** @type {{ nodes: any[] }} */ { nodes }) =>
    nodes.some(({ title }) => title === name);
  return {
    names: parts(edge?.nameParts),
    title: parts(nameParts),
    messages: parts(hit?.textParts),
    items: titled(node.items),
    templates: titled(viewer.session.templates),
  };
}

/**
 * @param {Office} office
 * @param {Place[]} places
 * @param {string} app
 * @param {string} query
 */
async function blank(office, places, app, query) {
  const { sue } = office.people;
  const { viewer, node } = await sue.read(REST, { id: places[0].id, app, query });
  const names = (await sue.read(NAMES, { query })).viewer.searchSessions;
  equal([names.edges, names.pageInfo.hasNextPage], [[], false], 'names');
  const { edges, nameParts, pageInfo } = viewer.session.searchMessages;
  equal([edges, pageInfo.hasNextPage], [[], false], 'messages');
  equal([joined(nameParts), marked(nameParts)], [places[0].name, []], 'the session’s own name');
  equal(node.items.nodes.length, places.length, 'items');
  equal(viewer.session.templates.nodes.length, places.length, 'templates');
}
