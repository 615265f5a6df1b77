// @ts-check
// Live chats that are made for one part, with their members and clients, so that no part depends on
// what another left:
//
//     const company = await Company.found(origin, {
//       desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
//     });
//     const { ann, sue } = company.people; // with their pages open; everybody is offline
//     const zoe = await company.visitor('Zoe');
//     ...
//     await company.dissolve();

import { Administrator } from './administrator.mjs';
import { equal } from './expect.mjs';
import { Employee, token, Visitor } from './people.mjs';
import { ask, widgetToken } from './request.mjs';
import { deliver } from './webhook.mjs';

/** @typedef {import('./administrator.mjs').Role} Role */
/** @typedef {Record<string, Role[]>} Members by the demo name, such as `ann` */

export class Company {
  /** What tells the names of this company from those of any other. */
  run = crypto.randomUUID().slice(0, 8);
  /** @type {Record<string, Employee>} by the demo name, with their pages open */
  people = {};
  /** @type {Record<string, { id: string, name: string }>} by the name they were asked for with */
  liveChats = {};
  /** @type {Visitor[]} */
  #visitors = [];
  /** @type {{ liveChatId: string, employeeId: string }[]} */
  #members = [];

  /**
   * Makes the live chats, then opens the pages of all their members, who are offline.
   * @param {string} origin
   * @param {Record<string, Members>} liveChats
   * @param {string[]} [others] who have no role in them, and whose pages are opened as well
   */
  static async found(origin, liveChats, others = []) {
    const company = new Company(origin, await Administrator.arrive(origin));
    for (const [name, members] of Object.entries(liveChats)) await company.add(name, members);
    const names = [
      ...Object.values(liveChats).flatMap((members) => Object.keys(members)),
      ...others,
    ];
    await Promise.all([...new Set(names)].map((name) => company.invite(name)));
    return company;
  }

  /**
   * @param {string} origin
   * @param {Administrator} ada
   */
  constructor(origin, ada) {
    this.origin = origin;
    this.ada = ada;
  }

  /** @param {string} name of a client or thing, new in every run */
  named(name) {
    return `${name} ${this.run}`;
  }

  /**
   * Makes one more live chat.
   * @param {string} name
   * @param {Members} [members]
   * @returns {Promise<string>} its id
   */
  async add(name, members = {}) {
    const id = await this.ada.createLiveChat(this.named(name));
    this.liveChats[name] = { id, name: this.named(name) };
    for (const [who, roles] of Object.entries(members)) await this.appoint(who, roles, name);
    return id;
  }

  /**
   * Sets somebody's roles in a live chat.
   * @param {string} who the demo name
   * @param {Role[]} roles none: removes them
   * @param {string} [liveChat] the first, if not said
   */
  async appoint(who, roles, liveChat) {
    const employeeId = await this.ada.employee(who);
    const liveChatId = this.id(liveChat);
    this.#members.push({ liveChatId, employeeId });
    await this.ada.setMember(liveChatId, employeeId, roles);
  }

  /**
   * Opens somebody's page; whoever is online from earlier goes offline.
   * @param {string} name the demo name, or `other/ann`
   */
  async invite(name) {
    const employee = await Employee.arrive(this.origin, name);
    await this.go(employee, 'OFFLINE');
    await employee.open();
    this.people[name] = employee;
    return employee;
  }

  /**
   * The id of a live chat.
   * @param {string} [name] the first, if not said
   */
  id(name = Object.keys(this.liveChats)[0]) {
    return this.liveChats[name].id;
  }

  /**
   * Somebody without a page: they are there in their requests only.
   * @param {string} name the demo name
   * @returns {Promise<{ as: string, token: string, id: string }>}
   */
  async caller(name) {
    const bearer = await token(this.origin, name);
    const { viewer } = await ask(this.origin, bearer, '{ viewer { employee { id } } }');
    return { as: name, token: bearer, id: viewer.employee.id };
  }

  /**
   * @param {{ as: string, token: string }} who
   * @param {'ONLINE' | 'OFFLINE'} presence
   */
  async go(who, presence) {
    const { setPresence } = await this.ask(
      who,
      `mutation ($presence: Presence!) { setPresence(presence: $presence) {
        employee { presence } userErrors { code message }
      } }`,
      { presence },
    );
    const { employee, userErrors } = setPresence;
    equal([employee?.presence, userErrors], [presence, []], `${who.as}'s presence`);
  }

  /** @param {{ as: string, token: string }[]} people all with pages, if none is said */
  async online(...people) {
    const all = people.length > 0 ? people : Object.values(this.people);
    await Promise.all(all.map((who) => this.go(who, 'ONLINE')));
  }

  /**
   * A new client of the web widget.
   * @param {string} name to which the run is added
   * @param {string} [liveChat] the first, if not said
   */
  async visitor(name, liveChat) {
    const body = { liveChatId: this.id(liveChat), name: this.named(name) };
    const answer = await widgetToken(this.origin, body);
    equal(answer.status, 200, `the status of ${name}'s widget token`);
    const visitor = new Visitor(this.origin, body.name, answer.body.token);
    this.#visitors.push(visitor);
    return visitor;
  }

  /**
   * A new webhook channel. Its function posts a message, which is signed, and tells how it went.
   * @param {string} [liveChat] the first, if not said
   * @returns {Promise<(message: Parameters<typeof deliver>[2]) => ReturnType<typeof deliver>>}
   */
  async webhook(liveChat) {
    const { path, secret } = await this.ada.createWebhook(this.id(liveChat), this.named('Webhook'));
    const last = path.slice(path.lastIndexOf('/') + 1);
    return (message) => deliver(this.origin, last, message, secret);
  }

  /**
   * The data of a query, which has to succeed.
   * @param {{ token: string }} who
   * @param {string} query
   * @param {Record<string, unknown>} [variables]
   * @returns {Promise<any>}
   */
  ask(who, query, variables) {
    return ask(this.origin, who.token, query, variables);
  }

  /**
   * The payload of one mutation, with its refusals.
   * @param {{ token: string }} who
   * @param {string} field
   * @param {Record<string, unknown>} args
   * @param {string} [selection] beside the refusals
   * @returns {Promise<any>}
   */
  async act(who, field, args, selection = '') {
    const written = Object.entries(args)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const list = written.length > 0 ? `(${written.join(', ')})` : '';
    const payload = `${selection} userErrors { code message field }`;
    return (await this.ask(who, `mutation { ${field}${list} { ${payload} } }`))[field];
  }

  /**
   * As `act`, which must not be refused.
   * @param {{ token: string }} who
   * @param {string} field
   * @param {Record<string, unknown>} args
   * @param {string} [selection]
   * @returns {Promise<any>}
   */
  async does(who, field, args, selection) {
    const payload = await this.act(who, field, args, selection);
    equal(payload.userErrors, [], `what is refused by ${field}`);
    return payload;
  }

  /**
   * The sessions of a group that somebody sees, all pages of them.
   * @param {{ token: string }} who
   * @param {'ACTIVE' | 'CLOSED' | 'QUEUE' | 'MY'} group
   * @param {string} [liveChat] the first, if not said
   * @param {string} [selection] beside the id
   * @returns {Promise<any[]>}
   */
  async group(who, group, liveChat, selection = 'name') {
    const query = `query ($id: ID!, $after: String) {
      viewer { liveChat(id: $id) { sessions(group: ${group}, first: 100, after: $after) {
        nodes { id ${selection} } pageInfo { hasNextPage endCursor }
      } } }
    }`;
    const all = new Map();
    for (let after = null; ;) {
      const { viewer } = await this.ask(who, query, { id: this.id(liveChat), after });
      const { nodes, pageInfo } = viewer.liveChat.sessions;
      for (const node of nodes) all.set(node.id, node);
      if (!pageInfo.hasNextPage) return [...all.values()];
      after = pageInfo.endCursor;
    }
  }

  /**
   * The id of a client's session that waits, as somebody sees it.
   * @param {{ token: string }} who
   * @param {string} name the client's
   * @param {string} [liveChat] the first, if not said
   * @returns {Promise<string>}
   */
  async waiting(who, name, liveChat) {
    const queue = await this.group(who, 'QUEUE', liveChat, 'client { name }');
    const found = queue.filter(({ client }) => client.name === name);
    equal(found.length, 1, `how many sessions of ${name} wait`);
    return found[0].id;
  }

  /**
   * A new client writes, and waits.
   * @param {string} name to which the run is added
   * @param {{ token: string }} who sees the queue
   * @param {string} [liveChat] the first, if not said
   */
  async arrival(name, who, liveChat) {
    const visitor = await this.visitor(name, liveChat);
    await visitor.post(`I am ${name}`);
    return { visitor, session: await this.waiting(who, visitor.name, liveChat) };
  }

  /** Ends it: nobody has a role in it any more, everybody is offline, and all pages are closed. */
  async dissolve() {
    for (const { liveChatId, employeeId } of this.#members) {
      await this.ada.setMember(liveChatId, employeeId, []);
    }
    const people = Object.values(this.people);
    await Promise.all(people.map((who) => this.go(who, 'OFFLINE')));
    await Promise.all([...people, ...this.#visitors].map((one) => one.leave()));
  }
}

/**
 * The code of what a payload was refused for.
 * @param {{ userErrors: { code: string }[] }} payload
 * @returns {string | undefined}
 */
export const refusal = ({ userErrors }) => userErrors[0]?.code;
