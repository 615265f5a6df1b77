// @ts-check
// The Bot API as the package telegram-test-api has it, with the people who write there.
//
// Its posts lack the header with the secret that was registered with the address. So they go by a
// relay, which passes each one on twice: as it is, and with the header.

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import TelegramServer from 'telegram-test-api';

import { DEADLINE_MS, within } from './expect.mjs';

// Its types say that it is a module with a default, as it is for those who compile to CommonJS.
const Server = /** @type {any} */ (TelegramServer);
/** The time for which it keeps messages: longer than the test takes. */
const STORE_SECONDS = 3_600;
const HOST = '127.0.0.1';
const HEADER = 'x-telegram-bot-api-secret-token';

/**
 * What became of a post.
 * @typedef {{ had: boolean, without: number, with: number }} Passed
 */

export class Telegram {
  /** @type {any[]} the updates that were posted */
  updates = [];
  /** @type {Passed[]} whether each had the header, and the status without it and with it */
  passed = [];
  /** @type {any} the parameters of `setWebhook` */
  registered;

  /**
   * @param {number} port
   * @param {string} token of the bot
   */
  static async start(port, token) {
    const server = new Server({ port, host: HOST, storeTimeout: STORE_SECONDS });
    await server.start();
    return new Telegram(server, token);
  }

  /**
   * @param {any} server
   * @param {string} token
   */
  constructor(server, token) {
    this.server = server;
    this.token = token;
    this.relay = createServer(async (request, response) => {
      const body = await text(request);
      const passed = {
        had: HEADER in request.headers,
        without: await this.#post(body, {}),
        with: await this.#post(body, { [HEADER]: this.registered.secret_token }),
      };
      this.updates.push(JSON.parse(body));
      this.passed.push(passed);
      // It knows no refusals: it would end by one.
      response.end();
    });
  }

  /** Takes note of the address that was registered, and puts the relay into its place. */
  async relayed() {
    this.registered = { ...this.server.webhooks[this.token] };
    await new Promise((resolve) => this.relay.listen(0, HOST, () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.relay.address());
    this.server.webhooks[this.token].url = `http://${HOST}:${port}/`;
  }

  /**
   * A person with a private chat with the bot, or one who writes in a group.
   * @param {{ userId: number, firstName: string, userName: string, chatId?: number, type?: string }} options
   */
  person(options) {
    const chatId = options.userId;
    return this.server.getClient(this.token, { chatId, timeout: DEADLINE_MS, ...options });
  }

  /**
   * Writes, and waits until the message was passed on.
   * @param {any} person
   * @param {string} message
   * @returns {Promise<{ update: any, passed: Passed }>}
   */
  async write(person, message) {
    const before = this.passed.length;
    const passedOn = this.server.waitUserMessage();
    await (message.startsWith('/')
      ? person.sendCommand(person.makeCommand(message))
      : person.sendMessage(person.makeMessage(message)));
    await within(passedOn, 'the post');
    return { update: this.updates[before], passed: this.passed[before] };
  }

  /**
   * Posts an update with the header, as Telegram does. Returns the status.
   * @param {import('@grammyjs/types').Update} update
   */
  post(update) {
    return this.#post(JSON.stringify(update), { [HEADER]: this.registered.secret_token });
  }

  /** All that the bot sent, as it sent it. */
  sent() {
    return this.server.storage.botMessages.map((/** @type {any} */ { message }) => message);
  }

  async stop() {
    this.relay.close();
    await this.server.stop();
  }

  /**
   * @param {string} body
   * @param {Record<string, string>} headers
   */
  async #post(body, headers) {
    const answer = await fetch(this.registered.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}
