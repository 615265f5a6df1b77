// @ts-check
// The same numbers by another way: from lists and dialogs, entry by entry.

import { equal, holds } from './expect.mjs';

/** @typedef {import('./company.mjs').Company} Company */
/** @typedef {import('./people.mjs').Employee} Employee */
/** @typedef {import('./people.mjs').Visitor} Visitor */

/**
 * All nodes of a connection of the viewer's, page by page.
 * @param {Company} company
 * @param {Employee} who
 * @param {string} inner how it is reached, with `$after`, and its selection
 * @param {(data: any) => any} of the connection in the answer
 * @returns {Promise<any[]>}
 */
async function every(company, who, inner, of) {
  /** @type {Map<string, any>} */
  const all = new Map();
  for (let after = null; ;) {
    /** @type {any} */
    const data = await company.ask(who, `query ($after: String) { ${inner} }`, { after });
    const { nodes, pageInfo } = of(data);
    for (const node of nodes) all.set(node.id, node);
    if (!pageInfo.hasNextPage) return [...all.values()];
    after = pageInfo.endCursor;
  }
}

const PAGE = 'pageInfo { hasNextPage endCursor }';

/**
 * What somebody's counters have to be, from all their lists.
 * @param {Company} company
 * @param {Employee} who
 * @returns {Promise<{ unreadSessions: number, unassignedSessions: number, queue: number }>}
 */
export async function recount(company, who) {
  const { viewer } = await company.ask(who, '{ viewer { liveChats { id viewerRoles } } }');
  const mine = await every(
    company,
    who,
    `viewer { sessions(first: 50, after: $after) { nodes { id unreadCount } ${PAGE} } }`,
    (data) => data.viewer.sessions,
  );
  let queue = 0;
  let unassigned = 0;
  const supervises = viewer.liveChats.some((/** @type {any} */ one) =>
    one.viewerRoles.includes('SUPERVISOR'),
  );
  for (const { id, viewerRoles } of viewer.liveChats) {
    const waiting = await every(
      company,
      who,
      `viewer { liveChat(id: "${id}") {
        sessions(group: QUEUE, first: 50, after: $after) { nodes { id } ${PAGE} }
      } }`,
      (data) => data.viewer.liveChat.sessions,
    );
    if (viewerRoles.includes('OPERATOR')) queue += waiting.length;
    if (supervises) unassigned += waiting.length;
  }
  return {
    unreadSessions: mine.filter(({ unreadCount }) => unreadCount > 0).length,
    unassignedSessions: unassigned,
    queue,
  };
}

/** What was acknowledged, and whether it is there. */
export class Ledger {
  /** @type {Map<Visitor, Set<string>>} texts of web clients */
  #written = new Map();
  /** @type {Map<string, Set<string>>} texts by the name of who wrote by a webhook */
  #delivered = new Map();

  /**
   * @param {Visitor} visitor
   * @param {string} text
   */
  wrote(visitor, text) {
    this.#written.set(visitor, (this.#written.get(visitor) ?? new Set()).add(text));
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  delivered(name, text) {
    this.#delivered.set(name, (this.#delivered.get(name) ?? new Set()).add(text));
  }

  /**
   * Every open session of the live chats, as who supervises it sees it.
   * @param {Company} company
   * @param {'ACTIVE' | 'CLOSED'} [group]
   * @returns {Promise<any[]>}
   */
  async sessions(company, group = 'ACTIVE') {
    const selection = 'state unreadCount firstMessageAt client { id name } operator { id }';
    const { dan, eve } = company.people;
    return [
      ...(await company.group(dan, group, 'desk', selection)).map((one) => ({ ...one, by: dan })),
      ...(await company.group(eve, group, 'shop', selection)).map((one) => ({ ...one, by: eve })),
    ];
  }

  /** @param {Company} company */
  async badges(company) {
    const people = Object.values(company.people);
    const all = await this.sessions(company);
    holds(all.length > 0, 'something is open');
    for (const { id, state, unreadCount, operator, by } of all) {
      const who = people.find((one) => one.id === operator?.id) ?? by;
      const entries = await dialog(company, who, id);
      const { viewerReadSeq, unreadCount: shown } = (
        await company.ask(
          who,
          `{ node(id: "${id}") { ... on Session { viewerReadSeq unreadCount } } }`,
        )
      ).node;
      const own = entries.filter(({ kind, session }) => kind === 'CLIENT' && session.id === id);
      const unread = state === 'QUEUED' ? own : own.filter(({ seq }) => seq > viewerReadSeq);
      equal([shown, unreadCount], [unread.length, unread.length], `unread of ${id}, ${state}`);
    }
    for (const { id, unreadCount } of await this.sessions(company, 'CLOSED')) {
      equal(unreadCount, 0, `unread of ${id}, which is closed`);
    }
  }

  /** @param {Company} company */
  async open(company) {
    const open = await this.sessions(company);
    const clients = open.map(({ client }) => client.id);
    equal(new Set(clients).size, clients.length, 'how many clients the open sessions have');
    for (const one of await this.sessions(company, 'CLOSED')) {
      const later = open.find(({ client }) => client.id === one.client.id);
      if (later) {
        holds(one.firstMessageAt <= later.firstMessageAt, `${one.id} is before ${later.id}`);
      }
    }
  }

  /** @param {Company} company */
  async complete(company) {
    for (const [visitor, texts] of this.#written) {
      const all = await conversation(company, visitor);
      const own = all.filter(({ author }) => author.viewerIsAuthor).map(({ text }) => text);
      equal(own.toSorted(), [...texts].toSorted(), `what ${visitor.name} wrote`);
      dense(all, `${visitor.name}'s conversation`);
    }
    const sessions = [
      ...(await this.sessions(company)),
      ...(await this.sessions(company, 'CLOSED')),
    ];
    for (const [name, texts] of this.#delivered) {
      const theirs = sessions.filter(({ client }) => client.name === name);
      const [last] = theirs.toSorted((one, other) =>
        other.firstMessageAt.localeCompare(one.firstMessageAt),
      );
      const entries = await dialog(company, last.by, last.id);
      dense(entries, `${name}'s dialog`);
      const own = entries.filter(({ kind }) => kind === 'CLIENT').map(({ text }) => text);
      equal(own.toSorted(), [...texts].toSorted(), `what ${name} delivered`);
    }
  }

  /** @param {Company} company */
  async loads(company) {
    const open = await this.sessions(company);
    const { dan, eve } = company.people;
    for (const [liveChat, by] of /** @type {[string, Employee][]} */ ([
      ['desk', dan],
      ['shop', eve],
    ])) {
      const { viewer } = await company.ask(
        by,
        `{ viewer { liveChat(id: "${company.id(liveChat)}") {
          operators { employee { id name } openSessions }
        } } }`,
      );
      for (const { employee, openSessions } of viewer.liveChat.operators) {
        const theirs = open.filter((one) => one.by === by && one.operator?.id === employee.id);
        equal(openSessions, theirs.length, `${employee.name}'s open sessions of ${liveChat}`);
      }
    }
  }
}

/**
 * @param {any[]} entries
 * @param {string} what
 */
function dense(entries, what) {
  equal(
    entries.map(({ seq }) => seq),
    entries.map((_, at) => at + 1),
    `the numbers of ${what}`,
  );
}

/**
 * A whole dialog, page by page.
 * @param {Company} company
 * @param {Employee} who
 * @param {string} id
 * @returns {Promise<any[]>}
 */
const dialog = (company, who, id) =>
  every(
    company,
    who,
    `node(id: "${id}") { ... on Session { messages(first: 100, after: $after) {
      nodes { id seq kind text session { id } } ${PAGE}
    } } }`,
    (data) => data.node.messages,
  );

/**
 * A whole conversation, page by page.
 * @param {Company} company
 * @param {Visitor} visitor
 * @returns {Promise<any[]>}
 */
const conversation = (company, visitor) =>
  every(
    company,
    /** @type {any} */ (visitor),
    `conversation { messages(first: 100, after: $after) {
      nodes { id seq text author { viewerIsAuthor } } ${PAGE}
    } }`,
    (data) => data.conversation.messages,
  );
