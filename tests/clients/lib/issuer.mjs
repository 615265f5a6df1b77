// @ts-check
// An identity provider on this machine, as Cognito is one: RS256, keys by JWKS, access tokens with
// `client_id` and `username` instead of `aud` and `name`.

import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

const CLIENT_ID = 'desk';
const GROUP = 'administrators';

/** @typedef {{ id: string, key: import('node:crypto').KeyObject, jwk: object }} Key */

/** @param {number} number @returns {Key} */
function makeKey(number) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const id = `key-${number}`;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: id, alg: 'RS256', use: 'sig' };
  return { id, key: privateKey, jwk };
}

/** @param {unknown} value */
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class Issuer {
  /** @type {Key[]} */
  #keys = [makeKey(1)];
  #fetched = 0;
  #server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/jwks.json` }));
    } else if (request.url === '/jwks.json') {
      this.#fetched += 1;
      response.end(JSON.stringify({ keys: this.#keys.map(({ jwk }) => jwk) }));
    } else {
      response.writeHead(404).end();
    }
  });
  url = '';

  /** @returns {Promise<Issuer>} */
  static async start() {
    const issuer = new Issuer();
    await new Promise((resolve) => issuer.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (issuer.#server.address());
    issuer.url = `http://127.0.0.1:${port}`;
    return issuer;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** How often its keys were fetched. */
  get fetched() {
    return this.#fetched;
  }

  /** Signs with a new key from now on; the one before stays published. */
  rotate() {
    this.#keys.unshift(makeKey(this.#keys.length + 1));
  }

  /** How it stands in the settings. @param {string} tenant */
  settings(tenant) {
    return {
      issuer: this.url,
      algorithm: 'RS256',
      audiences: [CLIENT_ID],
      tenant: { fixed: tenant },
      claims: { administrator: { claim: 'cognito:groups', value: GROUP } },
    };
  }

  /**
   * An access token of somebody, for an hour.
   * @param {string} username
   * @param {boolean} [administrates]
   */
  token(username, administrates = false) {
    const { id, key } = /** @type {Key} */ (this.#keys[0]);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.url,
      sub: `user-${username}`,
      username,
      client_id: CLIENT_ID,
      token_use: 'access',
      'cognito:groups': administrates ? [GROUP] : [],
      iat: now,
      exp: now + 3600,
    };
    const signed = `${part({ kid: id, alg: 'RS256' })}.${part(claims)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  }
}

/** A private key for the tokens of the widget's clients, as the settings have it. */
export function widgetKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
