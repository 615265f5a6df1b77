// @ts-check
// Search with a session open: its name, and the history of its messages.

import { joined, marked, search, SEARCH, texts } from '../lib/search.mjs';
import * as desk from '../lib/mutations.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const DIALOG = `query ($id: ID!) { viewer { session(id: $id) {
  messages(first: 100) { nodes { id seq kind text } pageInfo { hasNextPage } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    { Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim'],
  );
  await kinds(office);
  await history(office);
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
