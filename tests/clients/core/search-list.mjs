// @ts-check
// Search over many sessions: nothing is capped, in pages of any length, however short they come.

import * as desk from '../lib/mutations.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { once, walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { some } from '../lib/some.mjs';
import { step } from '../lib/steps.mjs';

const COUNT = 170;

const SEARCH = `query ($query: String!, $first: Int!, $after: String) { viewer {
  searchSessions(query: $query, first: $first, after: $after) {
    edges { cursor node { id name state firstMessageAt } nameParts { text isMatch } }
    pageInfo { hasNextPage endCursor }
  }
} }`;

const QUEUE = `query ($id: ID!, $after: String) { viewer { liveChat(id: $id) {
  sessions(group: QUEUE, first: 100, after: $after) {
    nodes { id name } pageInfo { hasNextPage endCursor }
  }
} } }`;

/** @typedef {import('../lib/person.mjs').Person} Person */

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, {
    Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  const word = 'om';
  const opened = await fill(office, word);
  await complete(office, word, opened);
  await sparse(office, word, opened);
  await office.end();
}

/**
 * Opens many sessions. Of four, ann has one, bob has one, ann had one, and one is queued.
 * @param {Office} office
 * @param {string} word
 * @returns {Promise<{ id: string, name: string }[]>} last opened first
 */
async function fill(office, word) {
  const { ann, bob, sue } = office.people;
  const numbers = Array.from({ length: COUNT }, (_, at) => at);
  await some(numbers, (at) => office.post(`${word} n${at}x`, `Hello ${at}`));
  const { nodes } = await walk(
    async (after) => (await sue.read(QUEUE, { id: office.id(), after })).viewer.liveChat.sessions,
  );
  equal(nodes.length, COUNT, 'how many sessions were opened');
  await some(nodes, async ({ id }, at) => {
    if (at % 4 === 3) return;
    const who = at % 4 === 1 ? bob : ann;
    await who.act(desk.CLAIM, { id });
    if (at % 4 === 2) await who.act(desk.CLOSE, { id });
  });
  return nodes.reverse();
}

/**
 * What somebody finds, in pages of this length.
 * @param {Person} who
 * @param {string} query
 * @param {number} first
 */
async function search(who, query, first) {
  const all = await walk(
    async (after) => (await who.read(SEARCH, { query, first, after })).viewer.searchSessions,
  );
  for (const { edges } of all.pages) holds(edges.length <= first, `no page has more than ${first}`);
  once(all.nodes, 'sessions');
  return all;
}

/**
 * Waits until somebody finds so many: as long as there are more from one time to the next.
 * @param {Person} who
 * @param {string} word
 * @param {number} count
 */
async function indexed(who, word, count) {
  for (let known = -1; known < count;) {
    ({ length: known } = await eventually(
      `more than ${known} of ${count} hits of ${who.as}`,
      async () => {
        const { length } = (await search(who, word, 100)).nodes;
        return length > known ? { length } : undefined;
      },
    ));
  }
}

/**
 * @param {Office} office
 * @param {string} word
 * @param {{ id: string, name: string }[]} opened
 */
async function complete(office, word, opened) {
  const { ann, bob, sue } = office.people;
  const ids = opened.map(({ id }) => id);
  // Counted from the one that was opened first, as they were given out.
  const kept = (/** @type {number[]} */ ...kinds) =>
    ids.filter((_, at) => kinds.includes((COUNT - 1 - at) % 4));
  await indexed(sue, word, COUNT);
  await indexed(ann, word, kept(0, 2, 3).length);
  await indexed(bob, word, kept(1, 3).length);

  for (const first of [100, 33, 7]) {
    await step(
      `${COUNT} sessions are all found in pages of ${first}, last opened first`,
      async () => {
        const { nodes } = await search(sue, word, first);
        equal(
          nodes.map(({ id }) => id),
          ids,
          'what sue finds',
        );
      },
    );
  }

  await step('they are in the order of their opening', async () => {
    const { nodes } = await search(sue, word, 50);
    const dates = nodes.map(({ firstMessageAt }) => firstMessageAt);
    equal(dates, [...dates].sort().reverse(), 'their dates');
  });

  await step('an operator finds all of theirs, open, closed and queued, in one order', async () => {
    for (const first of [100, 9]) {
      const { nodes } = await search(ann, word, first);
      equal(
        nodes.map(({ id }) => id),
        kept(0, 2, 3),
        `what ann finds in pages of ${first}`,
      );
    }
    const { nodes } = await search(bob, word, 20);
    equal(
      nodes.map(({ id }) => id),
      kept(1, 3),
      'what bob finds',
    );
  });

  await step('every hit has its parts', async () => {
    for (const { node, nameParts } of (await search(ann, word, 40)).edges) {
      const text = nameParts.map((/** @type {any} */ part) => part.text).join('');
      const marks = nameParts.filter((/** @type {any} */ part) => part.isMatch);
      equal([text, marks.map((/** @type {any} */ part) => part.text)], [node.name, [word]], 'it');
    }
  });

  await step('the cursor of any hit is where the next page may begin', async () => {
    const { edges } = await search(sue, word, 100);
    for (const at of [0, 41, 120]) {
      const { viewer } = await sue.read(SEARCH, { query: word, first: 5, after: edges[at].cursor });
      const found = viewer.searchSessions.edges.map((/** @type {any} */ { node }) => node.id);
      const expected = ids.slice(at + 1, at + 6);
      equal(found, expected.slice(0, found.length), `after the ${at}th`);
      holds(found.length > 0 || viewer.searchSessions.pageInfo.hasNextPage, 'it goes on');
    }
  });
}

/**
 * Hits that are far apart: pages come short, and say that there is more.
 * @param {Office} office
 * @param {string} word
 * @param {{ id: string, name: string }[]} opened
 */
async function sparse(office, word, opened) {
  const { ann, sue } = office.people;

  await step('what was opened first is found by its own word', async () => {
    const oldest = opened[COUNT - 1];
    const own = oldest.name.split(' ')[1];
    for (const who of [ann, sue]) {
      const { nodes } = await search(who, own, 1);
      holds(
        nodes.some(({ id }) => id === oldest.id),
        `${who.as} finds it`,
      );
    }
  });

  await step(
    'what has a common and a rare word is found, however many have the common one',
    async () => {
      const pattern = (/** @type {string} */ name) => name.includes('n1') && name.includes('7x');
      const expected = opened.filter(({ name }) => pattern(name)).map(({ id }) => id);
      holds(expected.length >= 2, 'there are some');
      for (const first of [1, 100]) {
        const { nodes } = await search(sue, `7x ${word} n1`, first);
        equal(
          nodes.map(({ id }) => id),
          expected,
          `in pages of ${first}`,
        );
      }
    },
  );

  await step('one letter finds all that have it', async () => {
    const { nodes } = await search(sue, '9', 100);
    const found = new Set(nodes.map(({ id }) => id));
    for (const { id, name } of opened) if (name.includes('9')) holds(found.has(id), name);
  });

  await step('what nothing has finds nothing, and the pages end', async () => {
    const { nodes } = await search(sue, `${word} n1 n7y`, 100);
    equal(nodes, [], 'what is found');
  });

  await step('while sessions open, what was there is found by paging, each once', async () => {
    const before = opened.map(({ id }) => id);
    let more = 0;
    const { nodes } = await walk(async (after) => {
      if (more < 5) await office.post(`${word} z${(more += 1)}`);
      return (await sue.read(SEARCH, { query: word, first: 30, after })).viewer.searchSessions;
    });
    once(nodes, 'sessions');
    const found = new Set(nodes.map(({ id }) => id));
    equal(
      before.filter((id) => !found.has(id)),
      [],
      'what is missing',
    );
  });
}
