// @ts-check
// The demo people, with what each of them has open.

import { isDeepStrictEqual } from 'node:util';

import { Desk } from './desk.mjs';
import {
  ON_ALERTS,
  ON_CONVERSATION,
  ON_COUNTERS,
  ON_PRESENCE,
  ON_SESSIONS,
  POST,
  VIEWER,
} from './documents.mjs';
import { DEADLINE_MS, equal, eventually } from './expect.mjs';
import { Inbox } from './inbox.mjs';
import { follow, line } from './socket.mjs';

/** @typedef {{ workspaceBadge: number, unreadSessions: number, unassignedSessions: number, queue: number }} Counts */

/**
 * The token of a demo person.
 * @param {string} origin
 * @param {string} as such as `ann`, `other/ann` or `client:Zoe`
 * @param {string} [liveChat] of a client
 * @returns {Promise<string>}
 */
export async function token(origin, as, liveChat) {
  const url = new URL('/dev/token', origin);
  url.searchParams.set('as', as);
  if (liveChat) url.searchParams.set('liveChat', liveChat);
  const answer = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  equal(answer.status, 200, `the status of ${url}`);
  return (await answer.json()).token;
}

/** Somebody with a desk, a socket and the four feeds of a page. */
export class Employee {
  /**
   * @param {string} origin
   * @param {string} as
   */
  static async arrive(origin, as) {
    const bearer = await token(origin, as);
    const socket = line(origin, bearer);
    return new Employee(as, new Desk(origin, as, bearer, socket), socket, bearer);
  }

  /**
   * @param {string} as
   * @param {Desk} desk
   * @param {import('./socket.mjs').Line} socket
   * @param {string} bearer
   */
  constructor(as, desk, socket, bearer) {
    this.as = as;
    this.desk = desk;
    this.line = socket;
    this.token = bearer;
    this.id = '';
    /** @type {Counts} before the run */
    this.before = { workspaceBadge: 0, unreadSessions: 0, unassignedSessions: 0, queue: 0 };
    /** @type {Inbox<any>} */
    this.alerts = new Inbox('');
    /** @type {Inbox<any>} */
    this.presence = new Inbox('');
    /** @type {Inbox<any>} */
    this.sessions = new Inbox('');
    /** @type {Inbox<any>} */
    this.counters = new Inbox('');
    /** @type {{ id: string, name: string }[]} those where they have a role */
    this.liveChats = [];
    /** The version of the counters when the noise of the beginning was over. */
    this.quiet = '';
  }

  /** Opens the page: the feeds first, then what there is. */
  async open() {
    this.alerts = this.desk.listen('alerts', ON_ALERTS);
    this.presence = this.desk.listen('presence', ON_PRESENCE);
    this.sessions = this.desk.listen('sessions', ON_SESSIONS);
    this.counters = this.desk.listen('counters', ON_COUNTERS);
    await this.sessions.next('READY', ({ kind }) => kind === 'READY');
    await this.counters.next('the current values');
    const { viewer } = await this.desk.read(VIEWER);
    this.id = viewer.employee.id;
    this.before = counts(viewer.counters);
    this.liveChats = viewer.liveChats;
    return viewer;
  }

  /** The counters as pushed: of all that came, those of the greatest version. */
  pushed() {
    return this.counters.all.reduce((kept, one) => (one.version >= kept.version ? one : kept));
  }

  /**
   * Waits until the counters, as pushed, are so much more than before the run.
   * @param {Partial<Counts>} more
   */
  async counted(more) {
    const expected = plus(this.before, more);
    const are = () => isDeepStrictEqual(counts(this.pushed()), expected);
    await eventually('', are).catch(() => {
      equal(counts(this.pushed()), expected, `${this.as}'s counters`);
    });
  }

  /** From here on, each push of the counters is to be accounted for. */
  settle() {
    this.quiet = this.pushed().version;
  }

  /** The counters that were pushed since then; those of the version of then tell nothing new. */
  countedSince() {
    return this.counters.all.filter(({ version }) => version > this.quiet);
  }

  leave() {
    this.desk.apollo.stop();
    return this.line.client.dispose();
  }
}

/** A client of one live chat, on the stock graphql-ws client. */
export class Visitor {
  /**
   * @param {string} origin
   * @param {string} name
   * @param {string} liveChat
   */
  static async arrive(origin, name, liveChat) {
    const bearer = await token(origin, `client:${name}`, liveChat);
    return new Visitor(origin, name, bearer);
  }

  /**
   * @param {string} origin
   * @param {string} name
   * @param {string} bearer
   */
  constructor(origin, name, bearer) {
    this.name = name;
    this.token = bearer;
    this.line = line(origin, bearer);
    this.desk = new Desk(origin, name, bearer, this.line);
    /** @type {Inbox<any>} */
    this.messages = new Inbox('');
  }

  /** Follows the own conversation from its beginning. */
  open() {
    const name = `${this.name}'s messages`;
    this.messages = follow(this.line, name, ON_CONVERSATION, { afterSeq: 0 });
  }

  /**
   * @param {string} text
   * @param {string} [key]
   */
  async post(text, key = crypto.randomUUID()) {
    const { message, userErrors } = await this.desk.act(POST, { text, key });
    equal(userErrors, [], `the refusals of ${this.name}'s message`);
    return message;
  }

  leave() {
    this.desk.apollo.stop();
    return this.line.client.dispose();
  }
}

/**
 * @param {any} counters
 * @returns {Counts}
 */
export function counts({ workspaceBadge, unreadSessions, unassignedSessions, queue }) {
  return { workspaceBadge, unreadSessions, unassignedSessions, queue };
}

/**
 * @param {Counts} before
 * @param {Partial<Counts>} more
 * @returns {Counts}
 */
function plus(before, more) {
  const unreadSessions = before.unreadSessions + (more.unreadSessions ?? 0);
  const unassignedSessions = before.unassignedSessions + (more.unassignedSessions ?? 0);
  return {
    workspaceBadge: unreadSessions + unassignedSessions,
    unreadSessions,
    unassignedSessions,
    queue: before.queue + (more.queue ?? 0),
  };
}
