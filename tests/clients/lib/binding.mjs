// @ts-check
// What a session is bound to, and what its dialog tells of it.

const SESSION = `query ($id: ID!) { viewer { session(id: $id) {
  state version bindings { item { id title } boundAt boundBy { name } }
  messages(last: 100) { nodes { kind event { kind item { id title } } } }
} } }`;

export const ITEMS = `query ($id: ID!, $query: String) { node(id: $id) { ... on App {
  items(query: $query, first: 100) { nodes { id title } }
} } }`;

/** @typedef {import('./person.mjs').Person} Person */

/**
 * @param {Person} who
 * @param {string} id
 */
export async function session(who, id) {
  return (await who.read(SESSION, { id })).viewer.session;
}

/**
 * What a session is bound to.
 * @param {Person} who
 * @param {string} id
 * @returns {Promise<string[]>}
 */
export async function bound(who, id) {
  return (await session(who, id)).bindings.map((/** @type {any} */ { item }) => item.id);
}

/**
 * The last events of a dialog that are about items.
 * @param {Person} who
 * @param {string} id
 */
export async function told(who, id) {
  const { messages } = await session(who, id);
  return messages.nodes
    .filter((/** @type {any} */ { event }) => event?.item)
    .map((/** @type {any} */ { event }) => [event.kind, event.item.id]);
}
