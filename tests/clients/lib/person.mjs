// @ts-check
// Somebody who asks plainly over HTTP, with no page: what is answered, and what is refused.

import { DEADLINE_MS, equal } from './expect.mjs';
import { token } from './people.mjs';

/** @typedef {Record<string, unknown>} Variables */

export const ERRORS = 'userErrors { code field message }';

export class Person {
  /**
   * @param {string} origin
   * @param {string} as such as `ann`, `other/ann` or `client:Zoe`
   * @param {string} [liveChat] of a client
   */
  static async arrive(origin, as, liveChat) {
    return new Person(origin, as, await token(origin, as, liveChat));
  }

  /**
   * @param {string} origin
   * @param {string} as
   * @param {string} bearer
   */
  constructor(origin, as, bearer) {
    this.origin = origin;
    this.as = as;
    this.token = bearer;
  }

  /**
   * The answer as it came.
   * @param {string} query
   * @param {Variables} [variables]
   * @returns {Promise<string>}
   */
  async raw(query, variables) {
    const answer = await fetch(`${this.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${this.token}`,
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return answer.text();
  }

  /**
   * The data of a request without errors.
   * @param {string} query
   * @param {Variables} [variables]
   * @returns {Promise<any>}
   */
  async read(query, variables) {
    const { data, errors } = JSON.parse(await this.raw(query, variables));
    equal(errors, undefined, `the errors that ${this.as} gets`);
    return data;
  }

  /**
   * The codes of the errors beside the data.
   * @param {string} query
   * @param {Variables} [variables]
   * @returns {Promise<string[]>}
   */
  async codes(query, variables) {
    const { errors = [] } = JSON.parse(await this.raw(query, variables));
    return errors.map((/** @type {any} */ { extensions }) => extensions?.code);
  }

  /**
   * The payload of a mutation's one field, refused or not.
   * @param {string} mutation
   * @param {Variables} [variables]
   * @returns {Promise<any>}
   */
  async attempt(mutation, variables) {
    return Object.values(await this.read(mutation, variables))[0];
  }

  /**
   * The payload of a mutation that has to succeed.
   * @param {string} mutation
   * @param {Variables} [variables]
   * @returns {Promise<any>}
   */
  async act(mutation, variables) {
    const payload = await this.attempt(mutation, variables);
    equal(payload.userErrors, [], `what ${this.as} is refused`);
    return payload;
  }

  /**
   * With what code a mutation is refused, and about which argument; undefined when it is not.
   * @param {string} mutation
   * @param {Variables} [variables]
   * @returns {Promise<{ code: string, field: string[] | null } | undefined>}
   */
  async refusal(mutation, variables) {
    const { userErrors } = await this.attempt(mutation, variables);
    return userErrors[0] && { code: userErrors[0].code, field: userErrors[0].field };
  }

  /**
   * Has a mutation refused.
   * @param {string} code with which
   * @param {string} mutation
   * @param {Variables} [variables]
   */
  async refused(code, mutation, variables) {
    const refusal = await this.refusal(mutation, variables);
    equal(refusal?.code, code, `the refusal that ${this.as} gets`);
  }
}
