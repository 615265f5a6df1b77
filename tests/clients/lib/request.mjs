// @ts-check
// Plain requests, for what the stock clients hide: status codes and the errors beside the data.

import { DEADLINE_MS, equal } from './expect.mjs';

/** @typedef {{ message: string, path?: (string | number)[], extensions?: Record<string, any> }} Fault */

/**
 * One GraphQL request over HTTP.
 * @param {string} origin
 * @param {string | undefined} bearer
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 * @returns {Promise<{ status: number, data: any, errors: Fault[] | undefined }>}
 */
export async function request(origin, bearer, query, variables) {
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const { data, errors } = await answer.json();
  return { status: answer.status, data, errors };
}

/**
 * The data of a request that has to succeed.
 * @param {string} origin
 * @param {string} bearer
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 * @returns {Promise<any>}
 */
export async function ask(origin, bearer, query, variables) {
  const { data, errors } = await request(origin, bearer, query, variables);
  equal(errors, undefined, `the errors of ${query}`);
  return data;
}

/**
 * The codes of the errors beside the data.
 * @param {string} origin
 * @param {string | undefined} bearer
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 * @returns {Promise<string[]>}
 */
export async function codes(origin, bearer, query, variables) {
  const { errors } = await request(origin, bearer, query, variables);
  return (errors ?? []).map(({ extensions }) => extensions?.code);
}

/**
 * A token from the web widget's door, and until when it is good.
 * @param {string} origin
 * @param {{ liveChatId: string, name?: string, email?: string, token?: string }} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function widgetToken(origin, body, headers = {}) {
  const answer = await fetch(`${origin}/widget/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}
