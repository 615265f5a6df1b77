// @ts-check
// Sessions in every state, to try acts on: some that stay as they are, for those who are refused,
// and one for each act that is done.

import { equal, holds } from './expect.mjs';
import { isOver } from './permission.mjs';

/** @typedef {import('./acts.mjs').Act} Act */
/** @typedef {import('./acts.mjs').Bearer} Bearer */
/** @typedef {import('./permission.mjs').State} State */
/** @typedef {import('./scene.mjs').Scene} Scene */

/** @type {State[]} */
export const STATES = ['queued', 'assigned', 'closed', 'earlier'];

export class Trial {
  /** What a session is bound to, and what it is not. */
  #bound = '';
  #unbound = '';
  #app = '';
  /** @type {Record<State, import('./scene.mjs').Case[]>} */
  #sessions = { queued: [], assigned: [], closed: [], earlier: [] };
  /** @type {Record<State, string>} sessions that nothing is done to */
  kept = { queued: '', assigned: '', closed: '', earlier: '' };

  /**
   * @param {Scene} scene with ann, who has the sessions, and sue, who sees all of them
   * @param {Record<State, number>} counts how many of each are needed
   */
  static async prepare(scene, counts) {
    const trial = new Trial(scene);
    await trial.#makeItems();
    for (const state of STATES) {
      trial.#sessions[state] = await trial.#make(state, counts[state] + 1);
      trial.kept[state] = trial.take(state);
      await trial.bind(trial.kept[state]);
    }
    return trial;
  }

  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
  }

  /**
   * One that is for a single act.
   * @param {State} state
   */
  take(state) {
    const one = this.#sessions[state].pop();
    if (!one) throw new Error(`no ${state} session is left`);
    return one.id;
  }

  /**
   * Binds a session to something, so that it can be unbound.
   * @param {string} sessionId
   */
  async bind(sessionId) {
    await this.scene.act(this.scene.people.sue, 'bindItem', { sessionId, itemId: this.#bound });
  }

  async #makeItems() {
    const { company, people } = this.scene;
    this.#app = await company.ada.createApp(company.named('Orders'), 'REQUEST');
    await company.ada.setLiveChatApps(company.id(), [this.#app]);
    const { id } = await this.scene.queued(people.sue);
    const create = (/** @type {string} */ title) =>
      this.scene.act(people.sue, 'createAndBindItem', { sessionId: id, appId: this.#app, title });
    this.#bound = (await create('A blue chair')).item.id;
    this.#unbound = (await create('A red chair')).item.id;
    await this.scene.act(people.sue, 'closeSession', { sessionId: id });
  }

  /**
   * @param {State} state
   * @param {number} count
   */
  async #make(state, count) {
    const { ann, sue } = this.scene.people;
    const clients = Array.from({ length: count }, () => this.scene.client());
    await Promise.all(clients.map((one) => one.write()));
    const sessions = await this.scene.found(sue, clients);
    const each = (/** @type {Bearer} */ who, /** @type {Act} */ act, /** @type {{}} */ more) =>
      Promise.all(sessions.map(({ id }) => this.scene.act(who, act, { sessionId: id, ...more })));
    if (state !== 'queued') await each(ann, 'claimSession', {});
    if (isOver(state)) await each(ann, 'closeSession', {});
    if (state === 'earlier') await Promise.all(clients.map((one) => one.write('And one thing')));
    return sessions;
  }

  /**
   * Arguments of an act that would change a session in every state.
   * @param {Act} act
   * @param {string} sessionId
   * @param {string} employeeId whom to assign it to
   */
  args(act, sessionId, employeeId) {
    const clientMessageId = crypto.randomUUID();
    /** @type {Partial<Record<Act, Record<string, unknown>>>} */
    const more = {
      sendMessage: { text: 'An answer', clientMessageId },
      addNote: { text: 'A note', clientMessageId },
      renameSession: { name: 'Named' },
      bindItem: { itemId: this.#unbound },
      createAndBindItem: { appId: this.#app, title: 'A green chair' },
      unbindItem: { itemId: this.#bound },
      assignSession: { employeeId },
      markSessionRead: { upToSeq: 1 },
      markSessionUnread: { fromSeq: 1 },
    };
    return { sessionId, ...more[act] };
  }

  /**
   * Does what is to be refused, and looks whether anything changed.
   * @param {() => Promise<unknown>} act
   * @param {State[]} states of those that it is tried on
   */
  async unchanged(act, states = STATES) {
    const kept = states.map((state) => this.kept[state]);
    const before = await this.scene.marks(this.scene.people.sue, kept);
    await act();
    const after = await this.scene.marks(this.scene.people.sue, kept);
    equal(after, before, 'the sessions after what was refused');
  }

  /**
   * Does an act on a session of its own, and looks whether that changed.
   * @param {string} id of the session
   * @param {boolean} changes whether it should
   * @param {() => Promise<unknown>} act
   */
  async changed(id, changes, act) {
    const [before] = await this.scene.marks(this.scene.people.sue, [id]);
    await act();
    const [after] = await this.scene.marks(this.scene.people.sue, [id]);
    if (changes) holds(after.version > before.version, 'the version rose with the act');
    else equal(after, before, 'the session, which the act leaves as it is');
  }
}
