// @ts-check
// Search with a session open: its name, and the history of its messages.

import * as desk from '../lib/mutations.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { once, walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const SEARCH = `query ($id: ID!, $query: String!, $first: Int!, $after: String) { viewer {
  session(id: $id) { searchMessages(query: $query, first: $first, after: $after) {
    nameParts { text isMatch }
    edges { cursor node { id seq kind text session { id } } textParts { text isMatch } }
    nodes { id } pageInfo { hasNextPage endCursor }
  } }
} }`;

const DIALOG = `query ($id: ID!) { viewer { session(id: $id) {
  messages(first: 100) { nodes { id seq kind text } pageInfo { hasNextPage } }
} } }`;

const AROUND = `query ($id: ID!, $seq: Int!, $first: Int!) { viewer { session(id: $id) {
  messages(aroundSeq: $seq, first: $first) { nodes { seq text } }
} } }`;

/** @typedef {import('../lib/person.mjs').Person} Person */

const joined = (/** @type {any[]} */ parts) => parts.map(({ text }) => text).join('');
const marked = (/** @type {any[]} */ parts) =>
  parts.filter(({ isMatch }) => isMatch).map(({ text }) => text);

/**
 * All that somebody finds in a dialog.
 * @param {Person} who
 * @param {string} id
 * @param {string} query
 * @param {number} [first]
 */
function search(who, id, query, first = 100) {
  return walk(
    async (after) =>
      (await who.read(SEARCH, { id, query, first, after })).viewer.session.searchMessages,
  );
}

/**
 * The texts that somebody finds in a dialog, in order.
 * @param {Person} who
 * @param {string} id
 * @param {string} query
 */
async function texts(who, id, query) {
  return (await search(who, id, query)).edges.map(({ node }) => node.text);
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    { Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim'],
  );
  await kinds(office);
  await history(office);
  await parts(office);
  await long(office);
  await pages(office);
  await sight(office);
  await office.end();
}

/** @param {Office} office */
async function kinds(office) {
  const { ann, sue } = office.people;
  const from = crypto.randomUUID();
  const id = await office.write('Olga Lantern', 'My red lantern is broken', { from });
  await ann.act(desk.CLAIM, { id });
  await office.reply(ann, id, 'Which lantern is it?');
  await office.note(ann, id, 'She had a lantern before');
  await office.post('Olga Lantern', 'The blue one', { from });

  await step('messages of the client and of operators are found, and notes', async () => {
    for (const who of [ann, sue]) {
      equal(
        await texts(who, id, 'lantern'),
        ['She had a lantern before', 'Which lantern is it?', 'My red lantern is broken'],
        who.as,
      );
    }
  });

  await step('they come newest first', async () => {
    const { edges } = await search(ann, id, 'e');
    const seqs = edges.map(({ node }) => node.seq);
    equal(
      seqs,
      [...seqs].sort((one, other) => other - one),
      'their numbers',
    );
    holds(seqs.length >= 3, 'there are some');
  });

  await step('events are not found', async () => {
    const { viewer } = await ann.read(DIALOG, { id });
    const event = viewer.session.messages.nodes.find(
      (/** @type {any} */ one) => one.kind === 'EVENT',
    );
    for (const word of event.text.split(/\s+/)) {
      const { edges } = await search(ann, id, word);
      const found = edges.map(({ node }) => node.kind);
      holds(!found.includes('EVENT'), `${word} finds ${found}`);
    }
  });

  await step('a message is found as soon as it is sent', async () => {
    const word = crypto.randomUUID();
    await office.reply(ann, id, `Number ${word}`);
    equal(await texts(ann, id, word), [`Number ${word}`], 'at once');
  });

  await step('words match from any part, in any order, and all of them have to', async () => {
    equal(await texts(ann, id, 'ante RED'), ['My red lantern is broken'], 'two words');
    equal(await texts(ann, id, 'red blue'), [], 'two words of two messages');
    equal(await texts(ann, id, 'green'), [], 'a word that nobody wrote');
  });

  await step('the session’s name is searched too, in parts', async () => {
    const { viewer } = await ann.read(SEARCH, { id, query: 'olga LANT', first: 1 });
    equal(
      viewer.session.searchMessages.nameParts,
      [
        { text: 'Olga', isMatch: true },
        { text: ' ', isMatch: false },
        { text: 'Lant', isMatch: true },
        { text: 'ern', isMatch: false },
      ],
      'the parts',
    );
  });

  await step('when not every word is in the name, no part of it is a match', async () => {
    const { viewer } = await ann.read(SEARCH, { id, query: 'lantern broken', first: 1 });
    const { nameParts, edges } = viewer.session.searchMessages;
    equal([joined(nameParts), marked(nameParts)], ['Olga Lantern', []], 'the name');
    equal(edges.length, 1, 'a message has both');
  });

  await step('the name is there when no message matches', async () => {
    const { viewer } = await ann.read(SEARCH, { id, query: 'olga', first: 1 });
    const { nameParts, edges } = viewer.session.searchMessages;
    equal([marked(nameParts), edges], [['Olga'], []], 'name and messages');
  });

  await step('a rename shows in the name’s parts at once', async () => {
    await ann.act(desk.RENAME, { id, name: 'Torch' });
    const { viewer } = await ann.read(SEARCH, { id, query: 'torch', first: 1 });
    equal(viewer.session.searchMessages.nameParts, [{ text: 'Torch', isMatch: true }], 'the name');
    equal(marked((await search(ann, id, 'olga')).pages[0].nameParts), [], 'the name before');
  });
}

/** @param {Office} office */
async function history(office) {
  const { ann, bob, sue } = office.people;
  const from = crypto.randomUUID();
  const first = await office.write('Vera', 'A kettle, the first', { from });
  await bob.act(desk.CLAIM, { id: first });
  await office.note(bob, first, 'A kettle, noted');
  await office.close(bob, first);
  const second = await office.write('Vera', 'A kettle, the second', { from });
  await ann.act(desk.CLAIM, { id: second });

  await step('the whole history of the dialog is searched', async () => {
    const expected = ['A kettle, the second', 'A kettle, noted', 'A kettle, the first'];
    for (const who of [ann, sue]) equal(await texts(who, second, 'kettle'), expected, who.as);
  });

  await step('a hit says to what session it belongs', async () => {
    const { edges } = await search(ann, second, 'kettle');
    equal(
      edges.map(({ node }) => node.session.id),
      [second, first, first],
      'the sessions',
    );
  });

  await step(
    'an earlier session that is readable through a later one is searched to its end',
    async () => {
      const expected = ['A kettle, noted', 'A kettle, the first'];
      equal(await texts(ann, first, 'kettle'), expected, 'what ann finds in it');
      equal(await texts(bob, first, 'kettle'), expected, 'what bob finds in it, who had it');
    },
  );
}

/** @param {Office} office */
async function parts(office) {
  const { ann } = office.people;
  const id = await office.taken('Parts', ann);
  /** @type {[string, string, {text: string, isMatch: boolean}[]][]} */
  const rows = [
    [
      'Café au lait, CAFE',
      'cafe',
      [
        { text: 'Café', isMatch: true },
        { text: ' au lait, ', isMatch: false },
        { text: 'CAFE', isMatch: true },
      ],
    ],
    [
      'one\ntwo  three',
      'three one',
      [
        { text: 'one', isMatch: true },
        { text: '\ntwo  ', isMatch: false },
        { text: 'three', isMatch: true },
      ],
    ],
    [
      '👩‍👩‍👧 Familie Weiß 🏳️‍🌈',
      'weiss',
      [
        { text: '👩‍👩‍👧 Familie ', isMatch: false },
        { text: 'Weiß', isMatch: true },
        { text: ' 🏳️‍🌈', isMatch: false },
      ],
    ],
  ];
  for (const [text, query, expected] of rows) {
    await step(`parts joined are the text, and say what matches: ${query}`, async () => {
      await office.reply(ann, id, text);
      const { edges } = await search(ann, id, query);
      equal(edges[0]?.textParts, expected, 'the parts');
      equal([joined(edges[0].textParts), edges[0].node.text], [text, text], 'the text');
    });
  }
}

/** @param {Office} office */
async function long(office) {
  const { ann } = office.people;
  const id = await office.taken('Long', ann);
  for (const [where, before, after] of /** @type {[string, number, number][]} */ ([
    ['beginning', 0, 1000],
    ['middle', 500, 500],
    ['end', 1000, 0],
  ])) {
    await step(`a long message is cut around its first hit, at the ${where}`, async () => {
      const word = `needle${before}`;
      const text = `${'hay ét '.repeat(before)}${word} ${'hay ét '.repeat(after)}`.trim();
      holds(text.length > 6900, 'it is long');
      await office.reply(ann, id, text);
      const [edge] = (await search(ann, id, word)).edges;
      equal(edge.node.text, text, 'the message itself is whole');
      const shown = joined(edge.textParts).replaceAll(/^…|…$/g, '');
      holds(shown.length < 1000, `what is shown is short: ${shown.length}`);
      holds(text.includes(shown), 'it is a cut of the text');
      equal(marked(edge.textParts), [word], 'what is marked');
    });
  }

  await step('a long message with several hits shows the first', async () => {
    const text = `${'straw '.repeat(500)}pin1 ${'straw '.repeat(500)}pin2`;
    await office.reply(ann, id, text);
    const [edge] = (await search(ann, id, 'pin')).edges;
    const shown = joined(edge.textParts);
    holds(shown.includes('pin1'), 'the first hit is shown');
    equal(marked(edge.textParts)[0], 'pin', 'and marked');
  });

  await step('a cut never parts what is one to the reader', async () => {
    const text = `${'🎉'.repeat(2000)} middle ${'🎉'.repeat(2000)}`;
    await office.reply(ann, id, text);
    const [edge] = (await search(ann, id, 'middle')).edges;
    holds(joined(edge.textParts).isWellFormed?.() ?? true, 'no half of a pair');
    holds(!joined(edge.textParts).includes('\ufffd'), 'nothing is broken');
    equal(marked(edge.textParts), ['middle'], 'what is marked');
  });
}

/** @param {Office} office */
async function pages(office) {
  const { ann, sue } = office.people;
  const from = crypto.randomUUID();
  const count = 45;
  const all = Array.from({ length: count }, (_, at) => `common n${at}x`);
  const id = await office.write('Pages', all[0], { from });
  await ann.act(desk.CLAIM, { id });
  // Long ones between them, so that a request does not reach through the whole dialog.
  const straw = 'straw '.repeat(1300);
  for (const text of all.slice(1)) {
    const at = all.indexOf(text);
    await patiently(() => office.note(ann, id, text));
    if (at % 3 === 0) await patiently(() => office.note(ann, id, `${straw}${at}`));
  }
  const expected = [...all].reverse();

  for (const first of [100, 10, 3]) {
    await step(`${count} hits are all found in pages of ${first}, newest first`, async () => {
      const { edges, nodes, pages: some } = await search(sue, id, 'common', first);
      once(nodes, 'messages');
      equal(
        edges.map(({ node }) => node.text),
        expected,
        'what is found',
      );
      for (const page of some) holds(page.edges.length <= first, 'no page is longer');
    });
  }

  await step('the one that is furthest back is found, in however many pages', async () => {
    for (const first of [1, 100]) {
      const { edges } = await search(ann, id, 'n0x', first);
      equal(
        edges.map(({ node }) => node.text),
        [all[0]],
        `in pages of ${first}`,
      );
    }
  });

  await step('a hit is jumped to: aroundSeq gives one page with it in the middle', async () => {
    const { edges } = await search(ann, id, 'n20x');
    const { seq, text } = edges[0].node;
    for (const first of [1, 5, 9]) {
      const { viewer } = await ann.read(AROUND, { id, seq, first });
      const { nodes } = viewer.session.messages;
      equal(nodes.length, first, 'how many entries');
      equal(nodes[Math.floor(first / 2)], { seq, text }, `the middle of ${first}`);
      const seqs = nodes.map((/** @type {any} */ one) => one.seq);
      equal(
        seqs,
        seqs.map((/** @type {number} */ _, /** @type {number} */ at) => seqs[0] + at),
        'dense',
      );
    }
  });

  await step('a hit at either end is jumped to as well', async () => {
    const { viewer } = await ann.read(AROUND, { id, seq: 1, first: 5 });
    const seqs = viewer.session.messages.nodes.map((/** @type {any} */ one) => one.seq);
    holds(seqs.includes(1), `the first is there: ${seqs}`);
    const last = (await search(ann, id, 'common', 1)).edges[0].node.seq;
    const end = await ann.read(AROUND, { id, seq: last, first: 5 });
    const ends = end.viewer.session.messages.nodes.map((/** @type {any} */ one) => one.seq);
    holds(ends.includes(last), `the last is there: ${ends}`);
  });
}

/**
 * Does it again as long as the conversation takes no more at this moment.
 * @param {() => Promise<unknown>} act
 */
function patiently(act) {
  return eventually('the conversation takes it', () =>
    act().then(
      () => true,
      (fault) => {
        if (!String(fault).includes('LIMIT')) throw fault;
        return false;
      },
    ),
  );
}

/** @param {Office} office */
async function sight(office) {
  const { ann, bob, kim, ada } = office.people;
  const id = await office.taken('Secret', ann);

  await step('the messages of a session that one may not see are not found', async () => {
    for (const who of [bob, kim, ada]) {
      const { viewer } = await who.read(SEARCH, { id, query: 'hello', first: 1 });
      equal(viewer.session, null, who.as);
    }
    equal((await texts(ann, id, 'hello')).length, 1, 'ann finds it');
  });

  await step('a query finds nothing of another dialog', async () => {
    const other = await office.taken('Other', ann);
    await office.reply(ann, other, 'Only there');
    equal(await texts(ann, id, 'only there'), [], 'in this one');
    equal(await texts(ann, other, 'only there'), ['Only there'], 'in that one');
  });
}
