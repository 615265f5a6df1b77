// @ts-check
// Doing many things, some of them at a time.

import { eventually } from './expect.mjs';

const AT_A_TIME = 8;

/**
 * @template T, R
 * @param {T[]} things
 * @param {(thing: T, at: number) => Promise<R>} act
 * @returns {Promise<R[]>} in the order of the things
 */
export async function some(things, act) {
  /** @type {R[]} */
  const results = new Array(things.length);
  let next = 0;
  const worker = async () => {
    while (next < things.length) {
      const at = next;
      next += 1;
      results[at] = await act(things[at], at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, things.length) }, worker));
  return results;
}

const TRIES = 3;

/**
 * How long it takes at best until what was done shows, in milliseconds: a machine that is busy with
 * something else is slower now and then.
 * @param {() => Promise<() => Promise<boolean>>} act does it; what it gives tells whether it shows
 */
export async function quickest(act) {
  let best = Infinity;
  for (let at = 0; at < TRIES; at += 1) {
    const shows = await act();
    const began = Date.now();
    await eventually('it shows', shows);
    best = Math.min(best, Date.now() - began);
  }
  return best;
}
