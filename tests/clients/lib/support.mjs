// @ts-check
// Support as its channels have it: an administrator who connects them, and an operator who answers.

import {
  ANSWER,
  ANSWERS,
  CLAIM,
  CLOSE,
  CREATE_CHANNEL,
  LIVE_CHAT,
  ROTATE_SECRET,
  SET_PRESENCE,
  VIEWER,
} from './documents.mjs';
import { equal, eventually } from './expect.mjs';
import { Employee } from './people.mjs';

/** The longest time of an answer on its way: a messenger takes about one a second of a chat. */
const DELIVERY_MS = 20_000;

export class Support {
  /** @type {string[]} what was claimed */
  #sessions = [];
  id = '';

  /** @param {string} origin */
  static async open(origin) {
    const people = await Promise.all([
      Employee.arrive(origin, 'ada'),
      Employee.arrive(origin, 'ann'),
    ]);
    const support = new Support(origin, ...people);
    const { viewer } = await support.ann.desk.read(VIEWER);
    const [{ id }] = viewer.liveChats.filter((/** @type {any} */ { name }) => name === 'Support');
    support.id = id;
    await support.#go('ONLINE');
    return support;
  }

  /**
   * @param {string} origin
   * @param {Employee} ada
   * @param {Employee} ann
   */
  constructor(origin, ada, ann) {
    this.origin = origin;
    this.ada = ada;
    this.ann = ann;
  }

  /**
   * Creates a channel.
   * @param {'TELEGRAM' | 'WEBHOOK'} kind
   * @param {object} settings
   */
  async connect(kind, settings) {
    const variables = { id: this.id, kind, settings };
    const { channel, secret, userErrors } = await this.ada.desk.act(CREATE_CHANNEL, variables);
    equal(userErrors, [], 'the refusals of the channel');
    equal([channel.canReply, channel.problem], [true, null], 'whether answers have a way out');
    return { channel, secret };
  }

  /**
   * Replaces the secret of a channel.
   * @param {string} id
   * @returns {Promise<string>}
   */
  async rotate(id) {
    const { secret, userErrors } = await this.ada.desk.act(ROTATE_SECRET, { id });
    equal(userErrors, [], 'the refusals of the new secret');
    return secret;
  }

  /**
   * Takes the session of a client out of the queue, as soon as it is there.
   * @param {string} name of the client
   */
  async claim(name) {
    const session = await eventually(`the session of ${name}`, async () =>
      (await this.queue()).find((one) => one.name === name),
    );
    const { userErrors } = await this.ann.desk.act(CLAIM, { id: session.id });
    equal(userErrors, [], 'the refusals of the claim');
    this.#sessions.push(session.id);
    return session.id;
  }

  /** @returns {Promise<any[]>} */
  async queue() {
    const { viewer } = await this.ann.desk.read(LIVE_CHAT, { id: this.id, group: 'QUEUE' });
    return viewer.liveChat.sessions.nodes;
  }

  /**
   * The session with its whole dialog.
   * @param {string} id
   */
  async dialog(id) {
    const { viewer } = await this.ann.desk.read(ANSWERS, { id });
    return { ...viewer.session, entries: viewer.session.messages.nodes };
  }

  /**
   * The first entry of a dialog that is so, as soon as it is there.
   * @param {string} id
   * @param {string} what
   * @param {(entry: any) => unknown} is
   */
  entry(id, what, is) {
    const look = async () => (await this.dialog(id)).entries.find(is);
    return eventually(what, look, { deadlineMs: DELIVERY_MS });
  }

  /**
   * Answers in a session.
   * @param {string} id
   * @param {string} text
   * @param {string} [quoted] the id of an entry
   */
  async answer(id, text, quoted) {
    const variables = { id, text, key: crypto.randomUUID(), quoted };
    const { message, userErrors } = await this.ann.desk.act(ANSWER, variables);
    equal(userErrors, [], 'the refusals of the answer');
    return message;
  }

  /**
   * Waits until an answer is in this state, and in no other that is final.
   * @param {string} session
   * @param {string} answer
   * @param {'SENT' | 'DELIVERED' | 'READ' | 'FAILED'} state
   */
  async delivered(session, answer, state) {
    const final = ['FAILED', state];
    const { delivery } = await this.entry(
      session,
      `the answer is ${state}`,
      (entry) => entry.id === answer && final.includes(entry.delivery.state),
    );
    equal(delivery.state, state, `the state (${delivery.error?.message})`);
    return delivery;
  }

  /** Closes what was claimed. */
  async close() {
    for (const id of this.#sessions) {
      const { userErrors } = await this.ann.desk.act(CLOSE, { id });
      equal(userErrors, [], 'the refusals of a close');
    }
    await this.#go('OFFLINE');
    await Promise.all([this.ada.leave(), this.ann.leave()]);
  }

  /** @param {'ONLINE' | 'OFFLINE'} presence */
  async #go(presence) {
    const { userErrors } = await this.ann.desk.act(SET_PRESENCE, { presence });
    equal(userErrors, [], "the refusals of ann's presence");
  }
}
