// @ts-check
// The system behind a reply URL, with the library of Standard Webhooks.

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { Webhook } from 'standardwebhooks';

import { eventually } from './expect.mjs';

/**
 * A post as it came.
 * @typedef {{ headers: Record<string, string>, body: string }} Post
 */

export class Receiver {
  /** @type {Post[]} */
  posts = [];
  /** @type {{ status: number, headers?: Record<string, string> }[]} answers before the usual one */
  first = [];
  url = '';

  static async start() {
    const receiver = new Receiver();
    await new Promise((resolve) =>
      receiver.server.listen(0, '127.0.0.1', () => resolve(undefined)),
    );
    const { port } = /** @type {import('node:net').AddressInfo} */ (receiver.server.address());
    receiver.url = `http://127.0.0.1:${port}/answers`;
    return receiver;
  }

  constructor() {
    this.server = createServer(async (request, response) => {
      const headers = /** @type {Record<string, string>} */ ({ ...request.headers });
      this.posts.push({ headers, body: await text(request) });
      const { status, headers: given = {} } = this.first.shift() ?? { status: 204 };
      response.writeHead(status, given).end();
    });
  }

  /**
   * The first post that is so, as soon as it came, and nothing else than what the library makes of it
   * with this secret.
   * @param {string} secret
   * @param {(body: any) => boolean} is
   * @returns {Promise<any>}
   */
  async verified(secret, is) {
    const post = await eventually('the post', () =>
      this.posts.find(({ body }) => is(JSON.parse(body))),
    );
    return verify(secret, post);
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/**
 * What the library reads in a post; it throws if the signature is wrong.
 * @param {string} secret
 * @param {Post} post
 * @returns {any}
 */
export const verify = (secret, { headers, body }) => new Webhook(secret).verify(body, headers);
