// @ts-check
// Searching with a session open.

import { walk } from './pages.mjs';

export const SEARCH = `query ($id: ID!, $query: String!, $first: Int!, $after: String) { viewer {
  session(id: $id) { searchMessages(query: $query, first: $first, after: $after) {
    nameParts { text isMatch }
    edges { cursor node { id seq kind text session { id } } textParts { text isMatch } }
    nodes { id } pageInfo { hasNextPage endCursor }
  } }
} }`;

/** @typedef {import('./person.mjs').Person} Person */

export const joined = (/** @type {any[]} */ parts) => parts.map(({ text }) => text).join('');
export const marked = (/** @type {any[]} */ parts) =>
  parts.filter(({ isMatch }) => isMatch).map(({ text }) => text);

/**
 * All that somebody finds in a dialog.
 * @param {Person} who
 * @param {string} id
 * @param {string} query
 * @param {number} [first]
 */
export function search(who, id, query, first = 100) {
  return walk(
    async (after) =>
      (await who.read(SEARCH, { id, query, first, after })).viewer.session.searchMessages,
  );
}

/**
 * The texts that somebody finds in a dialog, in order.
 * @param {Person} who
 * @param {string} id
 * @param {string} query
 */
export async function texts(who, id, query) {
  return (await search(who, id, query)).edges.map(({ node }) => node.text);
}
