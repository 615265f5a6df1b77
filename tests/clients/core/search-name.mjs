// @ts-check
// Search with no session open: names only, in all I may see, newest opened first.

import * as desk from '../lib/mutations.mjs';
import { SET_MEMBER } from '../lib/administration.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { walk } from '../lib/pages.mjs';
import { quickest } from '../lib/some.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const SEARCH = `query ($query: String!, $first: Int!, $after: String) { viewer {
  searchSessions(query: $query, first: $first, after: $after) {
    edges { cursor node { id name state firstMessageAt } nameParts { text isMatch } }
    nodes { id } pageInfo { hasNextPage endCursor }
  }
} }`;

const SESSION = `query ($id: ID!) { viewer { session(id: $id) { id client { name } } } }`;

/** @typedef {import('../lib/person.mjs').Person} Person */

/**
 * The sessions that somebody finds, in order.
 * @param {Person} who
 * @param {string} query
 * @returns {Promise<string[]>}
 */
async function hits(who, query) {
  const { nodes } = await walk(
    async (after) => (await who.read(SEARCH, { query, first: 100, after })).viewer.searchSessions,
  );
  return nodes.map(({ id }) => id);
}

/**
 * Waits until somebody finds exactly these, newest first.
 * @param {Person} who
 * @param {string} query
 * @param {string[]} ids
 */
async function finds(who, query, ids) {
  await eventually('', async () => {
    return JSON.stringify(await hits(who, query)) === JSON.stringify(ids);
  }).catch(async () => equal(await hits(who, query), ids, `what ${who.as} finds`));
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    {
      Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
      Side: { ann: ['OPERATOR'], dan: ['OPERATOR', 'SUPERVISOR'], sue: ['SUPERVISOR'] },
    },
    ['kim', 'other/ann'],
  );
  await names(office);
  await sight(office);
  await hands(office);
  await history(office);
  await leaving(office);
  await office.end();
}

/** @param {Office} office */
async function names(office) {
  const { sue } = office.people;
  const [name, text] = ['Olga', 'lamp'];
  const id = await office.write(`${name} Petrova`, `Hello ${text}`);

  await step('a session that was just opened is found by its name within a second', async () => {
    const took = await quickest(async () => {
      const name = crypto.randomUUID().slice(0, 8);
      const opened = await office.write(name);
      return async () => (await hits(sue, name)).includes(opened);
    });
    holds(took <= 1000, `it took ${took} ms at best`);
  });

  await step('with no session open, session names are searched', async () => {
    await finds(sue, name, [id]);
  });

  await step('with no session open, nothing but names is searched', async () => {
    equal(await hits(sue, text), [], 'by a word of its message');
    await sue.act(desk.RENAME, { id, name: 'Another' });
    equal(await hits(sue, name), [], 'by its client’s name');
    const { viewer } = await sue.read(SESSION, { id });
    equal(viewer.session.client.name, `${name} Petrova`, 'the client has it still');
  });

  await step('every hit carries the name in parts, and which match', async () => {
    await sue.act(desk.RENAME, { id, name: `Refund for ${name}, urgent` });
    const query = `${name.toUpperCase()} fund`;
    const edge = await eventually('the hit', async () => {
      const { viewer } = await sue.read(SEARCH, { query, first: 10 });
      return viewer.searchSessions.edges[0];
    });
    equal(
      edge.nameParts,
      [
        { text: 'Re', isMatch: false },
        { text: 'fund', isMatch: true },
        { text: ' for ', isMatch: false },
        { text: name, isMatch: true },
        { text: ', urgent', isMatch: false },
      ],
      'the parts',
    );
  });
}

/** @param {Office} office */
async function sight(office) {
  const { ann, bob, sue, dan, kim, ada, 'other/ann': stranger } = office.people;
  const word = 'sight';
  const side = { liveChat: 'Side' };
  const queued = await office.write(`${word} queued`);
  const anns = await office.taken(`${word} Ann’s`, ann);
  const bobs = await office.taken(`${word} Bob’s`, bob);
  const sides = await office.write(`${word} at the side`, undefined, side);
  const dans = await office.taken(`${word} Dan’s`, dan, side);
  const annsClosed = await office.taken(`${word} closed by Ann`, ann);
  await office.close(ann, annsClosed);
  const bobsClosed = await office.taken(`${word} closed by Bob`, bob);
  await office.close(bob, bobsClosed);
  const all = [bobsClosed, annsClosed, dans, sides, bobs, anns, queued];

  /** @type {[Person, string, string[]][]} */
  const rows = [
    [sue, 'a supervisor finds all of their live chats', all],
    [
      ann,
      'an operator finds the queues, theirs, and those they closed',
      [annsClosed, sides, anns, queued],
    ],
    [bob, 'an operator of one live chat finds nothing of another', [bobsClosed, bobs, queued]],
    [dan, 'who is both finds each session once', [dans, sides]],
    [kim, 'who has no role finds nothing', []],
    [ada, 'an administrator finds nothing', []],
    [stranger, 'another tenant finds nothing', []],
  ];
  for (const [who, sentence, expected] of rows) {
    await step(`${sentence}, last opened first`, async () => {
      if (expected.length > 0) await finds(who, word, expected);
      else equal(await hits(who, word), [], `what ${who.as} finds`);
    });
  }

  await step('the order is that of opening, whatever was written since', async () => {
    await office.reply(ann, anns, 'Later than all');
    await finds(sue, word, all);
  });

  await step('several words find what has all of them, in any order', async () => {
    await finds(sue, `ann ${word} closed`, [annsClosed]);
    await finds(sue, `${word} nobody`, []);
  });
}

/** @param {Office} office */
async function hands(office) {
  const { ann, bob, sue } = office.people;
  const word = 'hands';
  const id = await office.write(word);
  for (const who of [ann, bob, sue]) await finds(who, word, [id]);

  await step('who takes a session finds it on, the others of the queue do not', async () => {
    await ann.act(desk.CLAIM, { id });
    equal(await hits(bob, word), [], 'what bob finds, at once');
    for (const who of [ann, sue]) await finds(who, word, [id]);
  });

  await step('a session that is given away is found by who has it now', async () => {
    await ann.act(desk.ASSIGN, { id, to: office.company.people.bob.id });
    equal(await hits(ann, word), [], 'what ann finds, at once');
    for (const who of [bob, sue]) await finds(who, word, [id]);
  });

  await step('a session that came back to the queue is found by all operators', async () => {
    await bob.act(desk.RETURN, { id });
    for (const who of [ann, bob, sue]) await finds(who, word, [id]);
  });

  await step('a session that is closed is found by who had it, and by supervisors', async () => {
    await ann.act(desk.CLAIM, { id });
    await office.close(ann, id);
    equal(await hits(bob, word), [], 'what bob finds, at once');
    for (const who of [ann, sue]) await finds(who, word, [id]);
  });

  await step('a queued session that a supervisor closes is found by supervisors only', async () => {
    const other = await office.write(`${word} other`);
    for (const who of [ann, bob]) await finds(who, `${word} other`, [other]);
    await office.close(sue, other);
    await finds(sue, `${word} other`, [other]);
    for (const who of [ann, bob]) equal(await hits(who, `${word} other`), [], who.as);
  });
}

/** @param {Office} office */
async function history(office) {
  const { ann, bob, sue } = office.people;
  const word = 'history';
  const from = crypto.randomUUID();
  const earlier = await office.taken(`${word} one`, ann, { from });
  await office.close(ann, earlier);
  const later = await office.taken(`${word} one`, bob, { from });

  await step(
    'an earlier session that is readable only through a later one is not found',
    async () => {
      const { viewer } = await bob.read(SESSION, { id: earlier });
      equal(viewer.session?.id, earlier, 'bob may read it');
      await finds(sue, word, [later, earlier]);
      await finds(bob, word, [later]);
    },
  );

  await step('a later session is not found by who had the earlier one', async () => {
    await finds(ann, word, [earlier]);
  });
}

/** @param {Office} office */
async function leaving(office) {
  const { ann, sue, ada } = office.people;
  const word = 'leaving';
  const id = await office.taken(word, ann);
  await office.close(ann, id);
  await finds(ann, word, [id]);
  const member = { id: office.id(), employee: office.company.people.ann.id };

  await step('who loses their role finds nothing any more, at once', async () => {
    await ada.act(SET_MEMBER, { ...member, roles: [] });
    equal(await hits(ann, word), [], 'what ann finds');
    await finds(sue, word, [id]);
  });

  await step('who gets the role of a supervisor finds all', async () => {
    await ada.act(SET_MEMBER, { ...member, roles: ['SUPERVISOR'] });
    equal(await hits(ann, word), [id], 'what ann finds');
  });
}
