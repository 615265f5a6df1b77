// @ts-check
// Somebody who follows a dialog.

import { MESSAGE } from './acts.mjs';
import { eventually } from './expect.mjs';
import { line, listen } from './socket.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */

export const FOLLOW = `subscription ($id: ID!, $afterSeq: Int) {
  messages(sessionId: $id, afterSeq: $afterSeq) { ${MESSAGE} }
}`;

/**
 * Somebody follows a dialog, on a socket of their own.
 * @param {Scene} scene
 * @param {{ token: string }} who
 * @param {string} id of the session
 * @param {number} [afterSeq]
 * @param {string} [query]
 */
export function follow(scene, who, id, afterSeq, query = FOLLOW) {
  const socket = line(scene.company.origin, who.token);
  const inbox = listen(socket, 'a dialog', { query, variables: { id, afterSeq } });
  return { socket, inbox, end: () => socket.client.dispose() };
}

/**
 * Writes notes until one of them is pushed: from then on it is live.
 * @param {Scene} scene
 * @param {ReturnType<typeof follow>} following
 * @param {string} id of the session
 */
export const isLive = (scene, { inbox }, id) =>
  eventually('that it is live', () => inbox.all.length > 0, {
    again: () => scene.note(scene.people.sue, id, 'Is it live?'),
    everyMs: 500,
  });

/** @param {{ all: { seq: number }[] }} inbox */
export const seqs = ({ all }) => [...new Set(all.map(({ seq }) => seq))];

/**
 * @param {number} from
 * @param {number} to
 */
export const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
