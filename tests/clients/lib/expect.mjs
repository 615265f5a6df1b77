// @ts-check
// Waiting for conditions, each with a deadline.

import { inspect, isDeepStrictEqual } from 'node:util';

/** How long anything may take, in milliseconds. */
export const DEADLINE_MS = 10_000;

const PAUSE_MS = 25;

/** @param {unknown} value */
const shown = (value) => inspect(value, { depth: 6, breakLength: 100 });

/**
 * For rules that have time in them; what is only slow is waited for with `eventually`.
 * @param {number} ms
 */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} what
 */
export function equal(actual, expected, what) {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${what}: expected ${shown(expected)}, is ${shown(actual)}`);
  }
}

/**
 * @param {unknown} condition
 * @param {string} what what should be so
 */
export function holds(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

/**
 * What the promise brings, if it brings it in time.
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what
 * @returns {Promise<T>}
 */
export async function within(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const overdue = new Promise((_, reject) => {
    const late = new Error(`${what}: not within ${DEADLINE_MS} ms`);
    timer = setTimeout(() => reject(late), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (overdue)]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks again and again until `look` brings something; each time `again` is done before.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} look
 * @param {{ again?: () => unknown, everyMs?: number, deadlineMs?: number }} [options] `deadlineMs`
 *   for what the product itself takes time for
 * @returns {Promise<NonNullable<T>>}
 */
export async function eventually(what, look, options = {}) {
  const { again, everyMs = PAUSE_MS, deadlineMs = DEADLINE_MS } = options;
  const end = Date.now() + deadlineMs;
  while (Date.now() < end) {
    await again?.();
    const turn = Math.min(end, Date.now() + everyMs);
    do {
      const found = await look();
      if (found) return found;
      await pause(PAUSE_MS);
    } while (Date.now() < turn);
  }
  throw new Error(`${what}: not within ${deadlineMs} ms`);
}
