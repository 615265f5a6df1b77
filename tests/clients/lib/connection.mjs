// @ts-check
// Relay's connections, as a page reads them.

import { equal } from './expect.mjs';

/**
 * Reads a connection to its end.
 * @param {(after: string | undefined) => Promise<any>} read a page
 * @returns {Promise<any[]>} the nodes
 */
export async function walk(read) {
  const nodes = [];
  /** @type {string | undefined} */
  let after;
  for (;;) {
    const { nodes: some, pageInfo } = await read(after);
    nodes.push(...some);
    if (!pageInfo.hasNextPage) return nodes;
    equal(typeof pageInfo.endCursor, 'string', 'where reading stopped');
    after = pageInfo.endCursor;
  }
}

/**
 * @param {{ id: string }[]} them
 * @returns {string[]}
 */
export const ids = (them) => them.map(({ id }) => id);
