// @ts-check
// The hits in a dialog: what is marked in them, how they are paged, how one jumps to them.

import { joined, marked, search } from '../lib/search.mjs';
import * as desk from '../lib/mutations.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { once } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const AROUND = `query ($id: ID!, $seq: Int!, $first: Int!) { viewer { session(id: $id) {
  messages(aroundSeq: $seq, first: $first) { nodes { seq text } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    { Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim'],
  );
  await parts(office);
  await long(office);
  await pages(office);
  await office.end();
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
  const count = 30;
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

  for (const first of [100, 4]) {
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
