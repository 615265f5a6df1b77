// @ts-check
// Reading a dialog: its pages, in both directions, and the page around an entry.

import { ids } from '../lib/connection.mjs';
import { equal } from '../lib/expect.mjs';
import { codes } from '../lib/request.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { tell } from '../lib/story.mjs';

/** @typedef {import('../lib/story.mjs').Story} Story */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
  });
  const story = await tell(scene);
  await pages(scene, story);
  await around(scene, story);
  await bounds(scene, story);
  await scene.end();
}

/**
 * @param {Scene} scene
 * @param {Story} story
 */
async function pages(scene, { entries, third }) {
  const { bob } = scene.people;
  const some = entries.slice(0, 11);
  /** @param {import('../lib/scene.mjs').Window} window */
  const page = (window) => scene.page(bob, third.id, window);
  chapter('Pages');
  for (const size of [1, 4, 11]) {
    await step(`forwards by ${size}, continuously over the boundaries`, async () => {
      const all = await scene.dialog(bob, third.id, size);
      equal(ids(all).slice(0, 11), ids(some), 'what came');
    });
  }
  await step('backwards by 4: from the newest to the oldest', async () => {
    const came = [];
    let window = /** @type {import('../lib/scene.mjs').Window} */ ({ last: 4 });
    for (;;) {
      const { nodes, pageInfo } = await page(window);
      came.unshift(...nodes);
      if (!pageInfo.hasPreviousPage) break;
      window = { last: 4, before: pageInfo.startCursor };
    }
    equal(ids(came).slice(0, 11), ids(some), 'what came');
  });
  await step('a page is in order, whichever way it is read', async () => {
    const { nodes } = await page({ last: 3 });
    equal(nodes[1].seq - nodes[0].seq, 1, 'the second after the first');
    equal(nodes[2].seq - nodes[1].seq, 1, 'the third after the second');
  });
  await step('the first page says what lies around it', async () => {
    const { pageInfo, edges } = await page({ first: 2 });
    equal([pageInfo.hasNextPage, pageInfo.hasPreviousPage], [true, false], 'more');
    equal(
      [pageInfo.startCursor, pageInfo.endCursor],
      [edges[0].cursor, edges[1].cursor],
      'the cursors',
    );
  });
  await step('the last page says what lies around it', async () => {
    const { pageInfo } = await page({ last: 2 });
    equal([pageInfo.hasNextPage, pageInfo.hasPreviousPage], [false, true], 'more');
  });
  await step('what comes later stands after the last cursor', async () => {
    const { pageInfo } = await page({ last: 1 });
    const { message } = await scene.note(scene.people.sue, third.id, 'Later');
    const next = await page({ first: 10, after: pageInfo.endCursor });
    equal(ids(next.nodes), [message.id], 'what came');
  });
}

/**
 * @param {Scene} scene
 * @param {Story} story
 */
async function around(scene, { third }) {
  const { bob } = scene.people;
  const all = await scene.dialog(bob, third.id);
  const page = async (/** @type {number} */ aroundSeq, /** @type {number} */ first) => {
    const { nodes, pageInfo } = await scene.page(bob, third.id, { first, aroundSeq });
    return { seqs: nodes.map((/** @type {any} */ one) => one.seq), pageInfo };
  };
  chapter('The page around an entry');
  await step('has that entry in the middle', async () => {
    equal((await page(6, 5)).seqs, [4, 5, 6, 7, 8], 'of five');
    equal((await page(6, 1)).seqs, [6], 'of one');
    const { seqs } = await page(6, 4);
    equal([seqs.length, [1, 2].includes(seqs.indexOf(6))], [4, true], 'of four');
  });
  await step('says that there is more on both sides', async () => {
    const { pageInfo } = await page(6, 5);
    equal([pageInfo.hasPreviousPage, pageInfo.hasNextPage], [true, true], 'more');
  });
  await step('goes on in both directions', async () => {
    const { pageInfo } = await page(6, 3);
    const next = await scene.page(bob, third.id, { first: 2, after: pageInfo.endCursor });
    equal(ids(next.nodes), ids(all.slice(7, 9)), 'what follows');
    const previous = await scene.page(bob, third.id, { last: 2, before: pageInfo.startCursor });
    equal(ids(previous.nodes), ids(all.slice(2, 4)), 'what stands before');
  });
  await step('at the beginning has the entry, and nothing before the first', async () => {
    const { seqs, pageInfo } = await page(1, 5);
    equal([seqs[0], pageInfo.hasPreviousPage], [1, false], 'the beginning');
    equal(
      seqs,
      seqs.map((/** @type {any} */ _, /** @type {number} */ at) => at + 1),
      'dense',
    );
  });
  await step('at the end has the entry, and nothing after the last', async () => {
    const last = all.length;
    const { seqs, pageInfo } = await page(last, 5);
    equal([seqs.at(-1), pageInfo.hasNextPage], [last, false], 'the end');
  });
  await step('larger than the dialog has all of it', async () => {
    const { seqs, pageInfo } = await page(6, 100);
    equal(
      seqs,
      all.map(({ seq }) => seq),
      'all',
    );
    equal([pageInfo.hasPreviousPage, pageInfo.hasNextPage], [false, false], 'more');
  });
}

/**
 * @param {Scene} scene
 * @param {Story} story
 */
async function bounds(scene, { third }) {
  const { origin } = scene.company;
  const query = (/** @type {string} */ args) => `query ($id: ID!) {
    viewer { session(id: $id) { messages${args} { nodes { id } } } }
  }`;
  chapter('Bounds');
  for (const args of [
    '',
    '(first: 0)',
    '(first: 101)',
    '(first: -1)',
    '(last: 0)',
    '(last: 101)',
    '(first: 2, after: "nonsense")',
    '(last: 2, before: "nonsense")',
  ]) {
    await step(`messages${args} is BAD_USER_INPUT`, async () => {
      const found = await codes(origin, scene.people.sue.token, query(args), { id: third.id });
      equal(found, ['BAD_USER_INPUT'], 'the codes');
    });
  }
}
