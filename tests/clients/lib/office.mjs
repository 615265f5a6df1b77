// @ts-check
// Live chats of a part's own, people who ask plainly, and a webhook by which any number of clients
// write to them:
//
//     const office = await Office.set(origin, { desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
//     const { ann, sue, ada } = office.people;
//     const session = await office.write('Zoe', 'Hello?');
//     ...
//     await office.end();

import { CLAIM, CLOSE, NOTE, SEND } from './mutations.mjs';
import { Company } from './company.mjs';
import { equal, eventually } from './expect.mjs';
import { Person } from './person.mjs';

const ACTIVE = `query ($id: ID!) {
  viewer { liveChat(id: $id) { sessions(group: ACTIVE, first: 50) {
    nodes { id client { name } preview { text } }
  } } }
}`;

export class Office {
  /** @type {Record<string, Person>} by the demo name */
  people = {};
  /** @type {Record<string, Awaited<ReturnType<Company['webhook']>>>} by live chat */
  #webhooks = {};

  /**
   * Everybody is online. sue has to supervise each live chat that is written to.
   * @param {string} origin
   * @param {Record<string, import('./company.mjs').Members>} liveChats
   * @param {string[]} [others] who have no role in them
   */
  static async set(origin, liveChats, others = []) {
    const company = await Company.found(origin, liveChats, others);
    await company.online();
    return new Office(company);
  }

  /** @param {Company} company */
  constructor(company) {
    this.company = company;
    for (const [name, { token }] of Object.entries(company.people)) {
      this.people[name] = new Person(company.origin, name, token);
    }
    this.people.ada = new Person(company.origin, 'ada', company.ada.token);
  }

  /** @param {string} [name] the first live chat, if not said */
  id(name) {
    return this.company.id(name);
  }

  /**
   * A client writes by webhook.
   * @param {string} name of the client
   * @param {string} [text]
   * @param {{ liveChat?: string, from?: string }} [options] `from`: the client, a new one if not said
   */
  async post(name, text = 'Hello', { liveChat, from = crypto.randomUUID() } = {}) {
    const key = liveChat ?? '';
    this.#webhooks[key] ??= await this.company.webhook(liveChat);
    const message = { messageId: crypto.randomUUID(), from: { id: from, name }, text };
    const { status } = await this.#webhooks[key](message);
    equal(status, 200, `the status of ${name}'s message`);
  }

  /**
   * A client writes by webhook.
   * @param {string} name of the client
   * @param {string} [text]
   * @param {{ liveChat?: string, from?: string }} [options] as above
   * @returns {Promise<string>} the id of the session
   */
  async write(name, text = `Hello ${crypto.randomUUID()}`, options = {}) {
    await this.post(name, text, options);
    return this.find(text, options.liveChat);
  }

  /**
   * The open session whose last message begins so.
   * @param {string} text
   * @param {string} [liveChat]
   * @returns {Promise<string>}
   */
  async find(text, liveChat) {
    const start = [...text].slice(0, 20).join('');
    return eventually(`the session of ${start}`, async () => {
      const { viewer } = await this.people.sue.read(ACTIVE, { id: this.id(liveChat) });
      /** @type {{ nodes: any[] }} */
      const { nodes } = viewer.liveChat.sessions;
      return nodes.find(({ preview }) => preview.text.startsWith(start))?.id;
    });
  }

  /**
   * @param {string} name of the client
   * @param {Person} who takes the session
   * @param {Parameters<Office['write']>[2]} [options]
   * @returns {Promise<string>}
   */
  async taken(name, who, options) {
    const id = await this.write(name, undefined, options);
    await who.act(CLAIM, { id });
    return id;
  }

  /**
   * @param {Person} who
   * @param {string} id
   * @param {string} text
   * @returns {Promise<any>} the message
   */
  async reply(who, id, text) {
    return (await who.act(SEND, { id, text, key: crypto.randomUUID() })).message;
  }

  /**
   * @param {Person} who
   * @param {string} id
   * @param {string} text
   * @returns {Promise<any>} the message
   */
  async note(who, id, text) {
    return (await who.act(NOTE, { id, text, key: crypto.randomUUID() })).message;
  }

  /**
   * @param {Person} who
   * @param {string} id
   */
  close(who, id) {
    return who.act(CLOSE, { id });
  }

  /**
   * An app that a live chat names, after those that it names already.
   * @param {string} name
   * @param {'ACCOUNT' | 'REQUEST'} kind
   * @param {string} [liveChat]
   * @returns {Promise<string>} its id
   */
  async app(name, kind, liveChat) {
    const { ada } = this.company;
    const app = await ada.createApp(this.company.named(name), kind);
    const named = (this.#apps[liveChat ?? ''] ??= []);
    named.push(app);
    await ada.setLiveChatApps(this.id(liveChat), named);
    return app;
  }

  /** @type {Record<string, string[]>} by live chat */
  #apps = {};

  end() {
    return this.company.dissolve();
  }
}
