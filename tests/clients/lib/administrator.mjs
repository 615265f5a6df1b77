// @ts-check
// ada, who sets everything up. Whatever she is refused stops whoever asked her for it.

import { equal } from './expect.mjs';
import { token } from './people.mjs';
import { ask } from './request.mjs';

/** @typedef {'OPERATOR' | 'SUPERVISOR'} Role */

const ERRORS = 'userErrors { code field message }';

export class Administrator {
  /** @param {string} origin */
  static async arrive(origin) {
    return new Administrator(origin, await token(origin, 'ada'));
  }

  /**
   * @param {string} origin
   * @param {string} bearer
   */
  constructor(origin, bearer) {
    this.origin = origin;
    this.token = bearer;
  }

  /**
   * The payload of one mutation.
   * @param {string} mutation with one field
   * @param {Record<string, unknown>} variables
   * @returns {Promise<any>}
   */
  async act(mutation, variables) {
    const data = await ask(this.origin, this.token, mutation, variables);
    const [[name, payload]] = Object.entries(data);
    equal(payload.userErrors, [], `what ada is refused by ${name}`);
    return payload;
  }

  /**
   * The id of an employee.
   * @param {string} name such as `ann` or `Ann`
   * @returns {Promise<string>}
   */
  async employee(name) {
    const shown = name.charAt(0).toUpperCase() + name.slice(1);
    const { administration } = await ask(
      this.origin,
      this.token,
      `query ($name: String) {
        administration { employees(query: $name, first: 100) { nodes { id name } } }
      }`,
      { name: shown },
    );
    const found = administration.employees.nodes.filter(
      (/** @type {any} */ one) => one.name === shown,
    );
    equal(found.length, 1, `how many employees are ${shown}`);
    return found[0].id;
  }

  /**
   * @param {string} name
   * @returns {Promise<string>} the id of the new live chat
   */
  async createLiveChat(name) {
    const { liveChat } = await this.act(
      `mutation ($name: String!) { createLiveChat(name: $name) { liveChat { id } ${ERRORS} } }`,
      { name },
    );
    return liveChat.id;
  }

  /**
   * @param {string} liveChatId
   * @param {string} employeeId
   * @param {Role[]} roles none: removes them
   */
  async setMember(liveChatId, employeeId, roles) {
    await this.act(
      `mutation ($liveChatId: ID!, $employeeId: ID!, $roles: [Role!]!) {
        setMember(liveChatId: $liveChatId, employeeId: $employeeId, roles: $roles) {
          liveChat { id } ${ERRORS}
        }
      }`,
      { liveChatId, employeeId, roles },
    );
  }

  /**
   * @param {string} liveChatId
   * @param {string} template
   */
  async setSessionNameTemplate(liveChatId, template) {
    await this.act(
      `mutation ($liveChatId: ID!, $template: String!) {
        setSessionNameTemplate(liveChatId: $liveChatId, template: $template) {
          liveChat { id } ${ERRORS}
        }
      }`,
      { liveChatId, template },
    );
  }

  /**
   * @param {string} liveChatId
   * @param {string} name
   * @returns {Promise<{ id: string, path: string, secret: string }>} a new webhook channel
   */
  async createWebhook(liveChatId, name) {
    const { channel, secret } = await this.act(
      `mutation ($liveChatId: ID!, $name: String!) {
        createChannel(liveChatId: $liveChatId, kind: WEBHOOK, name: $name) {
          channel { id inboundPath } secret ${ERRORS}
        }
      }`,
      { liveChatId, name },
    );
    return { id: channel.id, path: channel.inboundPath, secret };
  }

  /**
   * @param {string} name
   * @param {'ACCOUNT' | 'REQUEST'} kind
   * @returns {Promise<string>} the id of the new app
   */
  async createApp(name, kind) {
    const { app } = await this.act(
      `mutation ($name: String!, $kind: AppKind!) {
        createApp(name: $name, kind: $kind) { app { id } ${ERRORS} }
      }`,
      { name, kind },
    );
    return app.id;
  }

  /**
   * @param {string} liveChatId
   * @param {string[]} appIds
   */
  async setLiveChatApps(liveChatId, appIds) {
    await this.act(
      `mutation ($liveChatId: ID!, $appIds: [ID!]!) {
        setLiveChatApps(liveChatId: $liveChatId, appIds: $appIds) { liveChat { id } ${ERRORS} }
      }`,
      { liveChatId, appIds },
    );
  }
}
