// @ts-check
// A live chat of its own, with people at its desk and clients who write, for a part that looks
// closely at single sessions.

import { attempt, MESSAGE, SESSION } from './acts.mjs';
import { Company } from './company.mjs';
import { walk } from './connection.mjs';
import { equal } from './expect.mjs';
import { Employee } from './people.mjs';
import { ask } from './request.mjs';

/** @typedef {import('./acts.mjs').Act} Act */
/** @typedef {import('./acts.mjs').Bearer} Bearer */
/** @typedef {'ACTIVE' | 'CLOSED' | 'QUEUE' | 'MY'} Group */
/** @typedef {{ unread?: boolean, waitingForReply?: boolean }} Filter */
/** @typedef {{ first?: number, after?: string, last?: number, before?: string, aroundSeq?: number }} Window */

/**
 * A session and its client, who writes through a webhook.
 * @typedef {{ id: string, name: string, write: (text?: string) => Promise<void> }} Case
 */

const PAGE = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

const GROUP = `query (
  $id: ID!, $group: SessionGroup!, $filter: SessionFilter, $first: Int!, $after: String
) {
  viewer { liveChat(id: $id) {
    sessions(group: $group, filter: $filter, first: $first, after: $after) {
      edges { cursor node { id } } nodes { ${SESSION} } ${PAGE}
    }
  } }
}`;

const DIALOG = `query (
  $id: ID!, $first: Int, $after: String, $last: Int, $before: String, $aroundSeq: Int
) {
  viewer { session(id: $id) {
    messages(first: $first, after: $after, last: $last, before: $before, aroundSeq: $aroundSeq) {
      edges { cursor node { id } } nodes { ${MESSAGE} } ${PAGE}
    }
  } }
}`;

export class Scene {
  /**
   * Makes it; everybody is online then.
   * @param {string} origin
   * @param {import('./company.mjs').Members} members of the live chat `Desk`
   * @param {object} [more]
   * @param {import('./company.mjs').Members} [more.elsewhere] members of another live chat
   * @param {string[]} [more.others] people who have no role in either
   * @param {boolean} [more.pages] whether their pages are open, with all that is pushed to them
   */
  static async set(origin, members, { elsewhere, others = [], pages = false } = {}) {
    const liveChats = { Desk: members, ...(elsewhere ? { Elsewhere: elsewhere } : {}) };
    const people = [...Object.keys(members), ...Object.keys(elsewhere ?? {}), ...others];
    const company = await Company.found(origin, pages ? liveChats : {}, pages ? others : []);
    if (!pages) {
      for (const [name, some] of Object.entries(liveChats)) await company.add(name, some);
      for (const as of people) company.people[as] = await Employee.arrive(origin, as);
    }
    const scene = new Scene(company, await company.webhook());
    for (const who of Object.values(company.people)) await scene.go(who, 'ONLINE');
    return scene;
  }

  /**
   * @param {Company} company
   * @param {Awaited<ReturnType<Company['webhook']>>} deliver
   */
  constructor(company, deliver) {
    this.company = company;
    this.deliver = deliver;
    this.people = company.people;
    this.liveChatId = company.id();
  }

  /**
   * An act that is done: the payload.
   * @param {Bearer} who
   * @param {Act} act
   * @param {Record<string, unknown>} args
   */
  async act(who, act, args) {
    const { payload, faults, refusal } = await this.attempt(who, act, args);
    equal([faults, refusal], [[], null], `how ${act} is refused`);
    return payload;
  }

  /**
   * An act that is refused: the user error, beside the payload.
   * @param {Bearer} who
   * @param {Act} act
   * @param {Record<string, unknown>} args
   * @param {string} code
   */
  async refused(who, act, args, code) {
    const { payload, faults, refusal } = await this.attempt(who, act, args);
    equal([faults, refusal], [[], code], `how ${act} is refused`);
    return { ...payload, error: payload.userErrors[0] };
  }

  /**
   * @param {Employee} who
   * @param {'ONLINE' | 'OFFLINE'} presence
   */
  async go(who, presence) {
    who.id = (await this.act(who, 'setPresence', { presence })).employee.id;
  }

  /**
   * @param {Bearer} who
   * @param {Act} act
   * @param {Record<string, unknown>} args
   */
  attempt(who, act, args) {
    return attempt(this.company.origin, who, act, args);
  }

  /**
   * @param {Bearer} who
   * @param {string} query
   * @param {Record<string, unknown>} [variables]
   */
  ask(who, query, variables) {
    return ask(this.company.origin, /** @type {string} */ (who.token), query, variables);
  }

  /**
   * Sends a message as somebody, under a key of its own.
   * @param {Bearer} who
   * @param {string} sessionId
   * @param {string} [text]
   * @param {Record<string, unknown>} [more]
   */
  send(who, sessionId, text = 'An answer', more = {}) {
    const clientMessageId = crypto.randomUUID();
    return this.act(who, 'sendMessage', { sessionId, text, clientMessageId, ...more });
  }

  /**
   * @param {Bearer} who
   * @param {string} sessionId
   * @param {string} [text]
   */
  note(who, sessionId, text = 'A note') {
    return this.act(who, 'addNote', { sessionId, text, clientMessageId: crypto.randomUUID() });
  }

  /**
   * The session as somebody sees it, null if they do not.
   * @param {Bearer} who
   * @param {string} id
   */
  async session(who, id) {
    const query = `query ($id: ID!) { viewer { session(id: $id) { ${SESSION} } } }`;
    return (await this.ask(who, query, { id })).viewer.session;
  }

  /**
   * One page of a dialog.
   * @param {Bearer} who
   * @param {string} id of the session
   * @param {Window} window
   */
  async page(who, id, window) {
    return (await this.ask(who, DIALOG, { id, ...window })).viewer.session.messages;
  }

  /**
   * All entries of a dialog.
   * @param {Bearer} who
   * @param {string} id of the session
   * @param {number} [first] the size of the pages
   * @returns {Promise<any[]>}
   */
  dialog(who, id, first = 100) {
    return walk((after) => this.page(who, id, { first, after }));
  }

  /**
   * One page of a group.
   * @param {Bearer} who
   * @param {Group} group
   * @param {{ filter?: Filter, first?: number, after?: string, id?: string }} [options]
   */
  async some(who, group, { id = this.liveChatId, first = 100, ...others } = {}) {
    const { viewer } = await this.ask(who, GROUP, { id, group, first, ...others });
    return viewer.liveChat.sessions;
  }

  /**
   * All sessions of a group.
   * @param {Bearer} who
   * @param {Group} group
   * @param {{ filter?: Filter, first?: number, id?: string }} [options]
   * @returns {Promise<any[]>}
   */
  group(who, group, options = {}) {
    return walk((after) => this.some(who, group, { ...options, after }));
  }

  /**
   * What every change shows in: the version of each session, and the last number of its dialog.
   * @param {Bearer} who sees them
   * @param {string[]} ids
   * @returns {Promise<{ version: string, messages: { nodes: { seq: number }[] } }[]>}
   */
  async marks(who, ids) {
    const query = `query ($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Session { version messages(last: 1) { nodes { seq } } } }
    }`;
    return (await this.ask(who, query, { ids })).nodes;
  }

  /**
   * A client who never wrote before writes, and waits in the queue.
   * @param {Bearer} by somebody who sees the queue
   * @param {string} [name] of the client
   * @returns {Promise<Case>}
   */
  async queued(by, name = '') {
    const [one] = await this.queue(by, 1, name);
    return one;
  }

  /**
   * Several of them, one after the other.
   * @param {Bearer} by
   * @param {number} count
   * @param {string} [name]
   * @returns {Promise<Case[]>}
   */
  async queue(by, count, name = '') {
    const clients = Array.from({ length: count }, () => this.client(name));
    for (const client of clients) await client.write();
    return this.found(by, clients);
  }

  /**
   * Somebody with an identity of their own in the webhook channel.
   * @param {string} [name]
   */
  client(name = '') {
    // Short, because every piece of a name can be searched, which takes its time.
    const from = { id: crypto.randomUUID(), name: `${name} ${short()}`.trim() };
    const write = async (text = 'Good morning') => {
      const message = { messageId: crypto.randomUUID(), from, text };
      equal((await this.deliver(message)).status, 200, `the status of ${from.name}'s message`);
    };
    return { name: from.name, write };
  }

  /**
   * The sessions that clients have in the queue.
   * @template {{ name: string }} T
   * @param {Bearer} by
   * @param {T[]} clients
   * @returns {Promise<(T & { id: string })[]>}
   */
  async found(by, clients) {
    const ids = new Map((await this.group(by, 'QUEUE')).map(({ name, id }) => [name, id]));
    return clients.map((client) => {
      const id = ids.get(client.name);
      if (id === undefined) throw new Error(`${client.name} does not wait in the queue`);
      return { ...client, id };
    });
  }

  /**
   * A new session that somebody took.
   * @param {Employee} who
   * @param {string} [name] of the client
   */
  async assigned(who, name) {
    const one = await this.queued(who, name);
    await this.act(who, 'claimSession', { sessionId: one.id });
    return one;
  }

  /**
   * A new session that somebody took and closed.
   * @param {Employee} who
   * @param {string} [name] of the client
   */
  async closed(who, name) {
    const one = await this.assigned(who, name);
    await this.act(who, 'closeSession', { sessionId: one.id });
    return one;
  }

  end() {
    return this.company.dissolve();
  }
}

/** Letters and digits that no other client of a live chat has. */
const short = () => crypto.randomUUID().slice(0, 8);
