// @ts-check
// The stock graphql-ws client, on sockets that can be counted and broken.

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { Inbox } from './inbox.mjs';

/**
 * A graphql-ws client with what a test looks at.
 * @typedef {object} Line
 * @property {import('graphql-ws').Client} client
 * @property {() => number} attempts how many connections were begun
 * @property {() => number} acknowledged how many of them were acknowledged
 * @property {() => number} pongs how many pings were answered
 * @property {() => void} breakOff ends the connection without a word, as a lost network does
 * @property {(until: Promise<unknown>) => void} holdBack does not connect again before that
 */

/**
 * @param {string} origin of the system
 * @param {string | undefined} token
 * @param {import('graphql-ws').ClientOptions['keepAlive']} [keepAlive]
 * @returns {Line}
 */
export function line(origin, token, keepAlive = 30_000) {
  let attempts = 0;
  let acknowledged = 0;
  let pongs = 0;
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {Promise<unknown>} */
  let hold = Promise.resolve();
  const client = createClient({
    url: `${origin.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
    keepAlive,
    retryAttempts: Infinity,
    retryWait: () => hold.then(() => undefined),
    on: {
      connecting: () => (attempts += 1),
      opened: (opened) => (socket = /** @type {WebSocket} */ (opened)),
      connected: () => (acknowledged += 1),
      pong: () => (pongs += 1),
    },
  });
  return {
    client,
    attempts: () => attempts,
    acknowledged: () => acknowledged,
    pongs: () => pongs,
    breakOff: () => socket?.terminate(),
    holdBack: (until) => (hold = until),
  };
}

/**
 * Subscribes with the stock client.
 * @param {Line} line
 * @param {string} name for messages
 * @param {{ query: string, variables?: Record<string, unknown> }} operation
 * @param {(inbox: Inbox<any>, value: any) => void} [take] what to do with a value
 * @returns {Inbox<any>}
 */
export function listen(line, name, operation, take = (inbox, value) => inbox.put(value)) {
  const inbox = new Inbox(name);
  line.client.subscribe(operation, {
    next: ({ data, errors }) =>
      errors ? inbox.fail(errors) : take(inbox, Object.values(data ?? {})[0]),
    error: (error) => inbox.fail(error),
    complete: () => inbox.end(),
  });
  return inbox;
}

/**
 * Follows messages with the stock client as a page should. It writes its variables anew whenever
 * it subscribes again after a break, so a getter makes it begin after the last message that came.
 * Delivery is at least once, so what is known already is dropped. A hole is a failure.
 * @param {Line} line
 * @param {string} name for messages
 * @param {string} query with the variable `afterSeq`
 * @param {{ afterSeq: number, [name: string]: unknown }} variables to begin with
 * @returns {Inbox<any>}
 */
export function follow(line, name, query, { afterSeq, ...others }) {
  let last = afterSeq;
  const variables = {
    ...others,
    get afterSeq() {
      return last;
    },
  };
  return listen(line, name, { query, variables }, (inbox, message) => {
    if (message.seq <= last) return;
    if (message.seq > last + 1) inbox.fail(new Error(`a hole: ${message.seq} after ${last}`));
    last = message.seq;
    inbox.put(message);
  });
}
