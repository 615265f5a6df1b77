// @ts-check
// What one subscription has brought.

import { inspect } from 'node:util';

import { DEADLINE_MS, eventually } from './expect.mjs';

/** @template T */
export class Inbox {
  /** @type {T[]} everything that came, in order */
  all = [];
  /** @type {unknown} the error that ended it, if one did */
  error = undefined;
  isComplete = false;
  /** @type {T[]} */
  #unread = [];

  /** @param {string} name for messages */
  constructor(name) {
    this.name = name;
  }

  /** @param {T} value */
  put(value) {
    this.all.push(value);
    this.#unread.push(value);
  }

  /** @param {unknown} error */
  fail(error) {
    this.error = error;
  }

  end() {
    this.isComplete = true;
  }

  /**
   * The first that fits and was not taken before: waits for it, and takes it.
   * @param {string} what
   * @param {(value: T) => boolean} [fits]
   * @param {number} [deadlineMs] for what the product itself takes time for
   * @returns {Promise<T>}
   */
  async next(what, fits = () => true, deadlineMs = DEADLINE_MS) {
    try {
      const look = () => {
        if (this.error) throw new Error(`${this.name} ended: ${inspect(this.error, { depth: 6 })}`);
        const index = this.#unread.findIndex(fits);
        return index >= 0 ? { index } : undefined;
      };
      const at = await eventually(`${this.name}: ${what}`, look, { deadlineMs });
      return this.#unread.splice(at.index, 1)[0];
    } catch (late) {
      const unread = inspect(this.#unread.slice(-5), { depth: 4, breakLength: 100 });
      throw new Error(`${/** @type {Error} */ (late).message}; not taken: ${unread}`);
    }
  }

  /**
   * Whether one that fits has come, taken or not.
   * @param {(value: T) => boolean} fits
   */
  has(fits) {
    return this.all.some(fits);
  }
}
