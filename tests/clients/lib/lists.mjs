// @ts-check
// The lists of a live chat, as ann and bob, who are operators, sue, who supervises, and dan, who is
// both, see them. eve is an operator elsewhere.

import { ids } from './connection.mjs';
import { equal, eventually } from './expect.mjs';
import { Scene } from './scene.mjs';

/** @typedef {import('./scene.mjs').Group} Group */
/** @typedef {import('./scene.mjs').Case} Case */
/** @typedef {import('./people.mjs').Employee} Employee */

export class Lists {
  /** @param {string} origin */
  static async set(origin) {
    /** @type {import('./company.mjs').Members} */
    const members = {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      sue: ['SUPERVISOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
    };
    /** @type {import('./company.mjs').Members} */
    const elsewhere = { ann: ['OPERATOR'], eve: ['OPERATOR'] };
    return new Lists(await Scene.set(origin, members, { elsewhere }));
  }

  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.ann = scene.people.ann;
    this.bob = scene.people.bob;
    this.sue = scene.people.sue;
    this.dan = scene.people.dan;
    this.eve = scene.people.eve;
  }

  /**
   * Looks until a group is so: the index of two of them may lag.
   * @param {Employee} who
   * @param {Group} group
   * @param {Case[]} cases in their order
   * @param {string} what
   */
  async are(who, group, cases, what) {
    const wanted = ids(cases);
    /** @type {string[]} */
    let seen = [];
    const look = async () => {
      seen = ids(await this.scene.group(who, group));
      return seen.join() === wanted.join();
    };
    if (group === 'ACTIVE' || group === 'CLOSED') await eventually(what, look).catch(() => {});
    else await look();
    equal(seen, wanted, `${what}: ${group} of ${who.as}`);
  }

  /**
   * @param {import('./acts.mjs').Act} act
   * @param {Employee} who
   * @param {Case} one
   * @param {Record<string, unknown>} [more]
   */
  act(act, who, one, more = {}) {
    return this.scene.act(who, act, { sessionId: one.id, ...more });
  }
}
