// @ts-check
// The codes of errors beside the data, and a document that is sure to get one.

export const CODES = [
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'TOO_COMPLEX',
  'RATE_LIMITED',
  'RESYNC',
  'UNAVAILABLE',
  'INTERNAL',
];

/**
 * A query that goes so deep.
 * @param {number} levels
 */
export function deep(levels) {
  const open = 'sessions(first: 1) { nodes { client { ';
  return `{ viewer { sessions(first: 1) { nodes { client { ${open.repeat(levels)} id ${' } } }'.repeat(
    levels,
  )} } } } } }`;
}
