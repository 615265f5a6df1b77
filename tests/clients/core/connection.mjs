// @ts-check
// The rules of connections: how long a page is, where it begins, what lies around it.

import { exhibit } from '../lib/exhibit.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { Person } from '../lib/person.mjs';
import { step } from '../lib/steps.mjs';

const PAGE = `edges { cursor } nodes { __typename }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;

/**
 * @typedef {object} Listed a connection
 * @property {string} name
 * @property {Person} who may read it
 * @property {string[]} path to it in the answer
 * @property {(page: string) => string} query with these arguments
 * @property {string} [others] arguments that it needs besides
 * @property {boolean} [twoWay] whether it may be read from its end as well
 */

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { ids } = await exhibit(office);
  const visitor = await office.company.visitor('Zoe');
  await visitor.post('Hello');
  await visitor.post('Hello?');
  const client = new Person(origin, 'Zoe', visitor.token);
  for (const listed of connections(office, client, ids)) await rules(listed);
  await foreign(office, ids);
  await office.end();
}

/**
 * Every connection of the contract.
 * @param {Office} office
 * @param {Person} client
 * @param {Record<string, string>} ids
 * @returns {Listed[]}
 */
function connections(office, client, ids) {
  const { ann, ada } = office.people;
  const under = (
    /** @type {string} */ type,
    /** @type {string} */ field,
    /** @type {Partial<Listed>} */ more = {},
  ) => ({
    name: `${type}.${field}`,
    who: ann,
    path: ['node', field],
    query: (/** @type {string} */ page) =>
      `{ node(id: "${ids[type]}") { ... on ${type} { ${field}${page} { ${PAGE} } } } }`,
    ...more,
  });
  const root = (
    /** @type {Person} */ who,
    /** @type {string} */ top,
    /** @type {string} */ field,
    /** @type {Partial<Listed>} */ more = {},
  ) => ({
    name: `${top}.${field}`,
    who,
    path: [top, field],
    query: (/** @type {string} */ page) => `{ ${top} { ${field}${page} { ${PAGE} } } }`,
    ...more,
  });
  return [
    root(ann, 'viewer', 'sessions'),
    root(ann, 'viewer', 'searchSessions', { others: 'query: "o"' }),
    under('LiveChat', 'sessions', { others: 'group: MY' }),
    under('LiveChat', 'templates'),
    under('Session', 'messages', { twoWay: true }),
    under('Session', 'searchMessages', { others: 'query: "e"' }),
    under('Session', 'templates'),
    under('Client', 'sessions'),
    under('App', 'items'),
    under('Item', 'sessions'),
    root(client, 'conversation', 'messages', { twoWay: true }),
    root(ada, 'administration', 'liveChats'),
    root(ada, 'administration', 'employees'),
  ];
}

/** @param {Listed} listed */
async function rules({ name, who, path, query, others, twoWay = false }) {
  const of = (/** @type {string[]} */ ...page) =>
    query(`(${[others, ...page].filter(Boolean).join(', ')})`);
  const bare = others ? `(${others})` : '';
  const read = async (/** @type {string[]} */ ...page) => {
    const data = await who.read(of(...page));
    return path.reduce((value, key) => value[key], data);
  };
  const ways = twoWay ? ['first', 'last'] : ['first'];

  for (const way of ways) {
    await step(`${name}(${way}) may be 1 to 100`, async () => {
      for (const count of [1, 100]) {
        const { edges, nodes } = await read(`${way}: ${count}`);
        holds(nodes.length <= count, `${nodes.length} of ${count}`);
        equal(edges.length, nodes.length, 'edges and nodes');
      }
    });

    await step(`${name}(${way}) beyond 1 to 100 is BAD_USER_INPUT`, async () => {
      for (const count of [0, 101, -1, 2147483647, -2147483648]) {
        equal(await who.codes(of(`${way}: ${count}`)), ['BAD_USER_INPUT'], `${way}: ${count}`);
      }
    });
  }

  await step(`${name} without ${ways.join(' or ')} is BAD_USER_INPUT`, async () => {
    for (const without of [query(bare), of(...ways.map((way) => `${way}: null`))]) {
      // The same fault may be told twice: as missing, and as null.
      equal([...new Set(await who.codes(without))], ['BAD_USER_INPUT'], 'the codes');
    }
  });

  await step(`${name} with a cursor that is none is BAD_USER_INPUT`, async () => {
    for (const cursor of ['', 'nothing', '🎉', 'x'.repeat(2000)]) {
      const after = `after: ${JSON.stringify(cursor)}`;
      equal(await who.codes(of('first: 1', after)), ['BAD_USER_INPUT'], cursor.slice(0, 20));
    }
  });

  await step(`${name} says what lies around a page`, async () => {
    const { edges, pageInfo } = await read('first: 1');
    holds(edges.length === 1, 'there is one');
    equal(
      [pageInfo.startCursor, pageInfo.endCursor, pageInfo.hasPreviousPage],
      [edges[0].cursor, edges[0].cursor, false],
      'the page info',
    );
    const next = await read('first: 100', `after: ${JSON.stringify(pageInfo.endCursor)}`);
    if (!pageInfo.hasNextPage) equal(next.edges, [], 'when there is no next page');
    const cursors = next.edges.map((/** @type {any} */ { cursor }) => cursor);
    holds(!cursors.includes(edges[0].cursor), 'the next page begins after it');
  });

  if (twoWay) {
    await step(`${name}(last) ends with the last, and goes on before it`, async () => {
      const all = await read('first: 100');
      const end = await read('last: 1');
      equal(end.edges, all.edges.slice(-1), 'the last');
      equal([end.pageInfo.hasNextPage, end.pageInfo.hasPreviousPage], [false, true], 'page info');
      const before = JSON.stringify(end.pageInfo.startCursor);
      const rest = await read('last: 100', `before: ${before}`);
      equal(rest.edges, all.edges.slice(0, -1), 'those before it');
    });
  }
}

/**
 * A cursor of one list given to another is a fault of who asks, if it is one, and never ours.
 * @param {Office} office
 * @param {Record<string, string>} ids
 */
async function foreign(office, ids) {
  const { ann, sue } = office.people;
  const { viewer } = await ann.read(
    `query ($id: ID!) { viewer {
      sessions(first: 1) { pageInfo { endCursor } }
      session(id: $id) { messages(first: 1) { pageInfo { endCursor } } }
    } }`,
    { id: ids.Session },
  );
  const cursors = [viewer.sessions, viewer.session.messages].map(
    ({ pageInfo }) => pageInfo.endCursor,
  );

  await step('a cursor of another list is no fault of the service, and shows nothing', async () => {
    for (const who of [ann, sue]) {
      for (const after of cursors) {
        for (const field of [
          'sessions(first: 5, after: $after) { nodes { id } }',
          'searchSessions(query: "o", first: 5, after: $after) { nodes { id } }',
        ]) {
          const codes = await who.codes(`query ($after: String) { viewer { ${field} } }`, {
            after,
          });
          holds(
            codes.every((code) => code === 'BAD_USER_INPUT'),
            `${field}: ${codes}`,
          );
        }
      }
    }
  });
}
