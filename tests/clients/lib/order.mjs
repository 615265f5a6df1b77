// @ts-check
// A session in each state, and acts on it that are refused for more than one reason.

import { equal } from './expect.mjs';
import { Scene } from './scene.mjs';
import { step } from './steps.mjs';

/** @typedef {import('./acts.mjs').Act} Act */
/** @typedef {import('./people.mjs').Employee} Employee */

export class Order {
  queued = '';
  assigned = '';
  closed = '';
  /** Readable for bob and bea through a later one. */
  earlier = '';
  /** A note in the assigned one, and one in the closed one. */
  note = '';
  lateNote = '';
  app = '';

  /** @param {string} origin */
  static async set(origin) {
    const scene = await Scene.set(
      origin,
      {
        ann: ['OPERATOR'],
        bob: ['OPERATOR'],
        bea: ['OPERATOR'],
        sue: ['SUPERVISOR'],
        dan: ['OPERATOR', 'SUPERVISOR'],
      },
      { others: ['kim', 'eve'] },
    );
    const { ann, sue } = scene.people;
    const { company } = scene;
    const order = new Order(scene);
    order.queued = (await scene.queued(sue)).id;
    order.assigned = (await scene.assigned(ann)).id;
    order.note = (await scene.note(sue, order.assigned)).message.id;
    order.closed = (await scene.assigned(ann)).id;
    order.lateNote = (await scene.note(ann, order.closed)).message.id;
    await scene.act(ann, 'closeSession', { sessionId: order.closed });
    const again = await scene.closed(ann);
    order.earlier = again.id;
    await again.write('Again');
    order.app = await company.ada.createApp(company.named('Orders'), 'REQUEST');
    await company.ada.setLiveChatApps(company.id(), [order.app]);
    await scene.go(scene.people.eve, 'OFFLINE');
    return order;
  }

  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.people = scene.people;
  }

  /**
   * An act that is refused, for this reason and not another, and changes nothing.
   * @param {string} sentence
   * @param {string} code
   * @param {Employee} who
   * @param {Act} act
   * @param {Record<string, unknown>} args
   * @param {string[] | null} [field] if it is told which argument it is about
   */
  async says(sentence, code, who, act, args, field) {
    await step(`${sentence}: ${code}`, async () => {
      const kept = [this.queued, this.assigned, this.closed, this.earlier];
      const before = await this.scene.marks(this.people.sue, kept);
      const { error } = await this.scene.refused(who, act, args, code);
      if (field !== undefined) equal(error.field, field, 'the field');
      equal(await this.scene.marks(this.people.sue, kept), before, 'the sessions');
    });
  }

  /**
   * Arguments of a note under a key that ann has used.
   * @param {{ text: string }} more
   */
  async used(more) {
    const args = { sessionId: this.assigned, text: 'A note', clientMessageId: 'used' };
    await this.scene.act(this.people.ann, 'addNote', args);
    return { ...args, ...more };
  }

  /**
   * As `says`, with somebody who is offline for it.
   * @param {Parameters<Order['says']>} args
   */
  async saysOffline(...args) {
    await this.scene.go(args[2], 'OFFLINE');
    await this.says(...args);
    await this.scene.go(args[2], 'ONLINE');
  }
}
