// @ts-check
// Reading a connection to its end.

import { equal, holds } from './expect.mjs';

/** More pages than any test has: a connection that never ends fails, and does not run for ever. */
const PAGES = 500;

/**
 * @typedef {object} Walk
 * @property {any[]} edges of all pages, in order
 * @property {any[]} nodes
 * @property {any[]} pages as they came
 */

/**
 * Reads page after page until there is no next one.
 * @param {(after: string | null) => Promise<any>} read one page: edges, nodes, pageInfo
 * @returns {Promise<Walk>}
 */
export async function walk(read) {
  /** @type {Walk} */
  const all = { edges: [], nodes: [], pages: [] };
  let after = null;
  do {
    const page = await read(after);
    all.pages.push(page);
    all.edges.push(...(page.edges ?? []));
    all.nodes.push(...(page.nodes ?? page.edges.map((/** @type {any} */ { node }) => node)));
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage) return all;
    holds(typeof endCursor === 'string', 'a page with a next one says where reading stopped');
    holds(endCursor !== after, 'the next page begins further on');
    after = endCursor;
  } while (all.pages.length < PAGES);
  throw new Error(`no end after ${PAGES} pages`);
}

/**
 * Nothing stands twice.
 * @param {{ id: string }[]} nodes
 * @param {string} what
 */
export function once(nodes, what) {
  equal(new Set(nodes.map(({ id }) => id)).size, nodes.length, `how many different ${what}`);
}
