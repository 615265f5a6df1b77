// @ts-check
// A bot of Telegram that is connected to a deployed system, and the person who writes to it. Telegram is
// tests/cloud/telegram.py here.

import { randomUUID } from 'node:crypto';

import { equal, holds } from './expect.mjs';
import { step } from './steps.mjs';

/**
 * @typedef {Record<string, unknown>} Variables
 * @typedef {{ came: any[], failed: unknown }} Heard
 * @typedef {object} Deployed
 * @property {string} http where the HTTP API is
 * @property {(token: string, query: string, variables?: Variables) => Promise<any>} ask
 * @property {(token: string, query: string, variables?: Variables) => Heard} hear
 * @property {(what: string, condition: () => unknown) => Promise<unknown>} soon
 */

export class Telegram {
  #sessionId = '';
  #inboundPath = '';
  /** The texts that were sent, in order. @type {string[]} */
  #expected = [];
  /** @type {Heard | undefined} */
  #heard;

  /**
   * @param {string} url where the stand-in is
   * @param {string} token the bot's
   * @param {Deployed} deployed
   */
  constructor(url, token, deployed) {
    this.url = url;
    this.token = token;
    this.deployed = deployed;
  }

  /** Asks the stand-in. @param {string} [act] @param {unknown} [body] */
  async #standIn(act, body) {
    const asked = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const init = act ? { ...asked, body: JSON.stringify(body ?? {}) } : {};
    const response = await fetch(`${this.url}/stand-in${act ? `/${act}` : ''}`, init);
    return /** @type {any} */ (await response.json());
  }

  /** Connects the bot. @param {string} administrator @param {string} liveChatId */
  async connect(administrator, liveChatId) {
    const { ask } = this.deployed;
    const create = `mutation ($l: ID!, $t: String!) { createChannel(liveChatId: $l, kind: TELEGRAM,
      name: "Bot", settings: { telegram: { botToken: $t } }) {
      channel { address canReply inboundPath } secret userErrors { code field } } }`;

    await step('a token that Telegram does not know is refused', async () => {
      const wrong = { l: liveChatId, t: `${this.token}x` };
      const refused = await ask(administrator, create, wrong).catch((fault) => String(fault));
      holds(String(refused).includes('INVALID'), String(refused));
      equal((await this.#standIn()).webhook, {}, 'what is registered');
    });

    await step('an administrator connects a bot, and Telegram is told where to post', async () => {
      const given = { l: liveChatId, t: this.token };
      const { channel, secret } = (await ask(administrator, create, given)).createChannel;
      equal([channel.address, channel.canReply, secret], ['@cloud_bot', true, null], 'the channel');
      this.#inboundPath = channel.inboundPath;
      const { webhook } = await this.#standIn();
      holds(webhook.url.endsWith(channel.inboundPath), `${webhook.url} is not ${channel.inboundPath}`);
      holds(webhook.secret_token.length >= 32, 'the secret is short');
      equal(webhook.allowed_updates, ['message', 'edited_message', 'my_chat_member'], 'the updates');
    });
  }

  /**
   * The person writes, and the session is the operator's.
   * @param {string} operator
   * @param {string} liveChatId
   */
  async write(operator, liveChatId) {
    const { ask, hear, http, soon } = this.deployed;

    await step('an update without the secret is refused', async () => {
      const response = await fetch(`${http}${this.#inboundPath}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'wrong' },
        body: JSON.stringify({ update_id: 1 }),
      });
      equal(response.status, 401, 'the status');
    });

    await step('a client writes to the bot, and the operator takes the session', async () => {
      const { status } = await this.#standIn('write', { text: 'Are you there?', origin: http });
      equal(status, 200, 'the status');
      const list = `query ($l: ID!) { viewer { liveChat(id: $l) { sessions(group: QUEUE, first: 10) {
        nodes { id name channel { kind } } } } } }`;
      await soon('the session', async () => {
        const { nodes } = (await ask(operator, list, { l: liveChatId })).viewer.liveChat.sessions;
        const of = nodes.find((/** @type {any} */ { channel }) => channel.kind === 'TELEGRAM');
        this.#sessionId = of?.id ?? '';
        return of?.name === 'Tess';
      });
      const claim = `mutation ($id: ID!) { claimSession(sessionId: $id) {
        session { state viewerCanReply } userErrors { code } } }`;
      const { session } = (await ask(operator, claim, { id: this.#sessionId })).claimSession;
      equal(session, { state: 'ASSIGNED', viewerCanReply: true }, 'the session');
    });

    await step('those who follow the dialog hear it', async () => {
      const follow = `subscription ($id: ID!) { messages(sessionId: $id, afterSeq: 0) {
        seq delivery { state } } }`;
      this.#heard = hear(operator, follow, { id: this.#sessionId });
      await soon('the dialog', () => (this.#heard?.came.length ?? 0) > 0);
    });
  }

  /**
   * The operator answers, and it arrives once.
   * @param {string} operator
   * @param {string} text
   */
  async #answer(operator, text) {
    const { ask, soon } = this.deployed;
    const send = `mutation ($id: ID!, $t: String!, $key: String!) { sendMessage(sessionId: $id, text: $t,
      clientMessageId: $key) { message { seq delivery { state } } userErrors { code } } }`;
    const key = randomUUID();
    const { message } = (await ask(operator, send, { id: this.#sessionId, t: text, key })).sendMessage;
    holds(['PENDING', 'SENT'].includes(message.delivery.state), message.delivery.state);
    this.#expected.push(text);
    const look = `query ($id: ID!) { node(id: $id) { ... on Session {
      messages(last: 5) { nodes { seq delivery { state error { code message } } } } } } }`;
    await soon('the delivery is SENT', async () => {
      const { nodes } = (await ask(operator, look, { id: this.#sessionId })).node.messages;
      const found = nodes.find((/** @type {any} */ { seq }) => seq === message.seq);
      holds(found.delivery.state !== 'FAILED', JSON.stringify(found));
      return found.delivery.state === 'SENT';
    });
    const { sent } = await this.#standIn();
    const texts = sent.map((/** @type {any} */ one) => one.text);
    equal(texts, this.#expected, 'what arrived');
    return message.seq;
  }

  /** Answers that arrive at once, and after a fault. @param {string} operator */
  async answer(operator) {
    const { soon } = this.deployed;

    await step('the operator answers: it arrives once, and those who follow see it sent', async () => {
      const seq = await this.#answer(operator, 'Yes. How can I help?');
      const isSent = (/** @type {any} */ { messages }) =>
        messages?.seq === seq && messages.delivery?.state === 'SENT';
      await soon('the push', () => this.#heard?.came.some(isSent));
    });

    await step('what Telegram does not take is tried again, and arrives once', async () => {
      await this.#standIn('fail');
      await this.#answer(operator, 'Are you still there?');
      const { refused } = await this.#standIn();
      equal(refused.filter((/** @type {string} */ one) => one.startsWith('500')).length, 1, 'refusals');
      equal(this.#heard?.failed, undefined, 'the subscription');
    });
  }

  /** One more, from the restored tables. @param {string} operator */
  async answerAgain(operator) {
    await step('an answer leaves by the messenger, and nothing is sent again', async () => {
      await this.#answer(operator, 'Good-bye.');
    });
  }
}
