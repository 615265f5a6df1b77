// @ts-check
// Rename: who may, when, and what is left of the name before.

import * as desk from '../lib/mutations.mjs';
import { CONVERSATION } from '../lib/documents.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { quickest } from '../lib/some.mjs';
import { step } from '../lib/steps.mjs';

const DIALOG = `query ($id: ID!) { viewer { session(id: $id) {
  name version messages(last: 100) { nodes {
    kind channel { id } author { name } text event { kind name item { id } } session { id }
  } }
} } }`;

const SEARCH = `query ($query: String!) { viewer { searchSessions(query: $query, first: 100) {
  nodes { id name } pageInfo { hasNextPage }
} } }`;

const SECOND_MS = 1000;

/** @typedef {import('../lib/person.mjs').Person} Person */

/**
 * @param {Person} who
 * @param {string} id
 */
async function dialog(who, id) {
  return (await who.read(DIALOG, { id })).viewer.session;
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, {
    Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  await allowed(office);
  await refused(office);
  await closed(office);
  await found(office);
  await office.end();
}

/** @param {Office} office */
async function allowed(office) {
  const { ann, sue } = office.people;
  const id = await office.taken('Olga', ann);
  const before = (await dialog(ann, id)).version;

  await step('the assignee may rename', async () => {
    const { session } = await ann.act(desk.RENAME, { id, name: 'Refund 4711' });
    equal([session.id, session.name], [id, 'Refund 4711'], 'the answer');
    equal((await dialog(sue, id)).name, 'Refund 4711', 'as sue sees it');
  });

  await step('a rename makes the version greater', async () => {
    holds((await dialog(ann, id)).version > before, 'it is greater');
  });

  await step(
    'a rename of an open session stands in the dialog as an EVENT, with the name',
    async () => {
      const { kind, event, channel, text } = (await dialog(ann, id)).messages.nodes.at(-1);
      equal([kind, event.kind, event.name], ['EVENT', 'RENAMED', 'Refund 4711'], 'the last entry');
      equal(channel, null, 'the channel of an event');
      holds(text.length > 0, 'an event has a sentence');
    },
  );

  await step('a supervisor may rename an assigned session', async () => {
    await sue.act(desk.RENAME, { id, name: 'By Sue' });
    equal((await dialog(ann, id)).name, 'By Sue', 'as ann sees it');
  });

  await step('a supervisor may rename a queued session', async () => {
    const queued = await office.write('Vera');
    const { session } = await sue.act(desk.RENAME, { id: queued, name: 'Waits' });
    equal([session.name, session.state], ['Waits', 'QUEUED'], 'the session');
  });

  await step('a rename is pushed to who sees the session', async () => {
    const feeds = [office.company.people.ann.sessions, office.company.people.sue.sessions];
    await ann.act(desk.RENAME, { id, name: 'Pushed' });
    for (const feed of feeds) {
      const { kind } = await feed.next('it', ({ session }) => session?.name === 'Pushed');
      equal(kind, 'RENAMED', 'what happened');
    }
  });

  await step('a rename changes neither the state nor what the client sees', async () => {
    const zoe = await office.company.visitor('Zoe');
    const text = crypto.randomUUID();
    await zoe.post(text);
    const session = await office.find(text);
    await sue.act(desk.RENAME, { id: session, name: 'Behind her back' });
    const { conversation } = await zoe.desk.read(CONVERSATION);
    equal(conversation.messages.nodes.length, 1, 'how many messages Zoe sees');
  });
}

/** @param {Office} office */
async function refused(office) {
  const { ann, bob } = office.people;

  await step('renaming is NOT_ASSIGNED for an operator of a queued session', async () => {
    const id = await office.write('Igor');
    await ann.refused('NOT_ASSIGNED', desk.RENAME, { id, name: 'No' });
    equal((await dialog(ann, id)).name, 'Igor', 'its name');
  });

  await step('renaming is NOT_FOUND for an operator of a session that another has', async () => {
    const id = await office.taken('Max', ann);
    await bob.refused('NOT_FOUND', desk.RENAME, { id, name: 'No' });
    equal((await dialog(ann, id)).name, 'Max', 'its name');
  });

  await step('renaming is OPERATOR_OFFLINE for who is offline', async () => {
    const id = await office.taken('Nina', ann);
    await ann.act(desk.PRESENCE, { presence: 'OFFLINE' });
    await ann.refused('OPERATOR_OFFLINE', desk.RENAME, { id, name: 'No' });
    await ann.act(desk.PRESENCE, { presence: 'ONLINE' });
    equal((await dialog(ann, id)).name, 'Nina', 'its name');
  });

  await step(
    'renaming is FORBIDDEN when a session is readable only through a later one',
    async () => {
      const from = crypto.randomUUID();
      const earlier = await office.taken('Twice', ann, { from });
      await office.close(ann, earlier);
      await office.taken('Twice', bob, { from });
      holds(await dialog(bob, earlier), 'bob reads the earlier one');
      await bob.refused('FORBIDDEN', desk.RENAME, { id: earlier, name: 'No' });
    },
  );
}

/** @param {Office} office */
async function closed(office) {
  const { ann, bob, sue } = office.people;
  const id = await office.taken('Done', ann);
  await office.close(ann, id);
  const entries = (await dialog(ann, id)).messages.nodes.length;

  await step('a closed session may be renamed by its last operator', async () => {
    const { session } = await ann.act(desk.RENAME, { id, name: 'Done by Ann' });
    equal([session.name, session.state], ['Done by Ann', 'CLOSED'], 'the session');
  });

  await step('a closed session may be renamed by a supervisor', async () => {
    await sue.act(desk.RENAME, { id, name: 'Done by Sue' });
    equal((await dialog(ann, id)).name, 'Done by Sue', 'its name');
  });

  await step('a closed session may be renamed by nobody else', async () => {
    await bob.refused('NOT_FOUND', desk.RENAME, { id, name: 'No' });
  });

  await step('renaming a closed session leaves no EVENT in the dialog', async () => {
    equal((await dialog(ann, id)).messages.nodes.length, entries, 'how many entries there are');
  });
}

/** @param {Office} office */
async function found(office) {
  const { ann, sue } = office.people;
  const ids = async (/** @type {Person} */ who, /** @type {string} */ query) =>
    (await who.read(SEARCH, { query })).viewer.searchSessions.nodes.map(
      (/** @type {any} */ { id }) => id,
    );
  const word = () => `w${crypto.randomUUID().slice(0, 7)}`;
  const taken = await office.taken('A', ann);
  const done = await office.taken('B', ann);
  await office.close(ann, done);
  /** @type {[string, string, Person[]][]} */
  const all = [
    ['a queued', await office.write('C'), [sue]],
    ['an assigned', taken, [ann, sue]],
    ['a closed', done, [ann, sue]],
  ];
  for (const [state, id, people] of all) {
    let old = word();
    await people[0].act(desk.RENAME, { id, name: old });
    for (const who of people) {
      await eventually('the old name', async () => (await ids(who, old)).includes(id));
    }

    await step(`a rename of ${state} session is found within a second`, async () => {
      for (const who of people) {
        const took = await quickest(async () => {
          const name = word();
          await who.act(desk.RENAME, { id, name });
          return async () => (await ids(who, name)).includes(id);
        });
        holds(took <= SECOND_MS, `${who.as} finds it within a second: at best ${took} ms`);
      }
    });

    await step(`a rename of ${state} session leaves no stale hit`, async () => {
      for (const who of people) {
        const [first, second] = [word(), word()];
        await who.act(desk.RENAME, { id, name: first });
        await eventually('the first name', async () => (await ids(who, first)).includes(id));
        await who.act(desk.RENAME, { id, name: second });
        for (const one of people) equal(await ids(one, first), [], `${one.as}, at once`);
        await eventually('the second name', async () => (await ids(who, second)).includes(id));
        for (const one of people) equal(await ids(one, first), [], `${one.as}, later`);
        for (const one of people) equal(await ids(one, old), [], `${one.as}, the oldest`);
        old = second;
      }
    });
  }

  await step('names that follow each other quickly end with the last', async () => {
    const names = Array.from({ length: 10 }, word);
    for (const name of names) await sue.act(desk.RENAME, { id: taken, name });
    await eventually('the last', async () => (await ids(sue, names[9])).includes(taken));
    for (const name of names.slice(0, 9)) equal(await ids(sue, name), [], 'one before');
  });

  await step('a name that comes back is found again', async () => {
    const [one, two] = [word(), word()];
    for (const name of [one, two, one]) await sue.act(desk.RENAME, { id: taken, name });
    await eventually('it', async () => (await ids(sue, one)).includes(taken));
    equal(await ids(sue, two), [], 'the name between');
  });

  await step('a rename to the longest name is found within a second', async () => {
    let next = 0x4e00;
    const took = await quickest(async () => {
      // No two letters of it are the same, nor the same as in the name before.
      const letters = Array.from({ length: 200 }, () => String.fromCodePoint((next += 7)));
      await sue.act(desk.RENAME, { id: taken, name: letters.join('') });
      const query = letters.slice(120, 123).join('');
      return async () => (await ids(sue, query)).includes(taken);
    });
    holds(took <= SECOND_MS, `it took ${took} ms at best`);
  });
}
