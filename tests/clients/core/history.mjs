// @ts-check
// Earlier sessions of a conversation: read through a later one, and nothing more.

import { acts, readActs } from '../lib/every-act.mjs';
import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Visitor} Visitor */

const DIALOG = `query ($id: ID!) { node(id: $id) { ... on Session {
  messages(first: 100) { nodes { id seq kind text session { id } } pageInfo { hasNextPage } }
} } }`;

/**
 * One client with an earlier session that ann had, and one that waits.
 * @typedef {{ company: Company, zoe: Visitor, first: string, second: string, app: string, item: string }} Scene
 */

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  try {
    await company.online();
    const scene = await set(company);
    await readable(scene);
    await onlyRead(scene);
    await unlisted(scene);
    await later(scene);
    await gone(scene);
    await between(scene);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @returns {Promise<Scene>}
 */
async function set(company) {
  const { ann } = company.people;
  const app = await company.ada.createApp(company.named('Accounts'), 'ACCOUNT');
  await company.ada.setLiveChatApps(company.id(), [app]);
  const { visitor: zoe, session: first } = await company.arrival('Zoe', ann);
  const sessionId = first;
  await company.does(ann, 'claimSession', { sessionId });
  const args = { sessionId, appId: app, title: 'An item' };
  const { item } = await company.does(ann, 'createAndBindItem', args, 'item { id }');
  await company.does(ann, 'sendMessage', { sessionId, text: 'An answer', clientMessageId: '1' });
  await company.does(ann, 'addNote', { sessionId, text: 'A note', clientMessageId: '2' });
  await company.does(ann, 'closeSession', { sessionId });
  await zoe.post('A second request');
  const second = await company.waiting(ann, zoe.name);
  return { company, zoe, first, second, app, item: item.id };
}

/** @param {Scene} scene */
async function readable({ company, first, second }) {
  const { bob } = company.people;
  await step('who may see a session may read every earlier one, through the dialog', async () => {
    const { node } = await company.ask(bob, DIALOG, { id: second });
    const texts = node.messages.nodes
      .filter((/** @type {any} */ { kind }) => kind !== 'EVENT')
      .map((/** @type {any} */ { text, session }) => [text, session.id]);
    equal(
      texts,
      [
        ['I am Zoe', first],
        ['An answer', first],
        ['A note', first],
        ['A second request', second],
      ],
      'what bob reads',
    );
  });
  await step('… and through `node`: the session and its messages', async () => {
    const { node } = await company.ask(bob, DIALOG, { id: first });
    const ids = node.messages.nodes.map((/** @type {any} */ { id }) => id);
    const { nodes } = await company.ask(bob, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [first, ...ids],
    });
    equal(
      nodes.map((/** @type {any} */ one) => one?.id),
      [first, ...ids],
      'what bob finds',
    );
  });
}

/** @param {Scene} scene */
async function onlyRead({ company, first, second, app, item }) {
  const { ann, bob } = company.people;
  const target = { session: first, colleague: ann.id, app, item };
  await step('only read: every act on it is FORBIDDEN, read marks and typing too', async () => {
    const before = await company.ask(ann, DIALOG, { id: first });
    const typing = { field: 'setTyping', args: { sessionId: first }, selection: '' };
    for (const { field, args, selection } of [...acts(target), ...readActs(first, 1), typing]) {
      equal(refusal(await company.act(bob, field, args, selection)), 'FORBIDDEN', field);
    }
    equal(await company.ask(ann, DIALOG, { id: first }), before, 'its dialog');
  });
  await step('also for who has the later one', async () => {
    await company.does(bob, 'claimSession', { sessionId: second });
    for (const { field, args, selection } of acts(target)) {
      equal(refusal(await company.act(bob, field, args, selection)), 'FORBIDDEN', field);
    }
  });
  await step('and the page is told so: none of viewerCan… holds', async () => {
    const can = ['Claim', 'Reply', 'Note', 'Assign', 'Return', 'Close', 'Rename', 'Bind'];
    const fields = can.map((name) => `viewerCan${name}`);
    const query = `query ($id: ID!) { node(id: $id) { ... on Session { ${fields.join(' ')} } } }`;
    const { node } = await company.ask(bob, query, { id: first });
    equal(node, Object.fromEntries(fields.map((name) => [name, false])), 'what bob can');
  });
}

/** @param {Scene} scene */
async function unlisted({ company, zoe, first, second }) {
  const { ann, bob } = company.people;
  const ids = (/** @type {any} */ { nodes }) => nodes.map((/** @type {any} */ { id }) => id);
  await step('those do not enter their lists', async () => {
    for (const group of /** @type {const} */ (['ACTIVE', 'CLOSED', 'QUEUE', 'MY'])) {
      const listed = await company.group(bob, group);
      holds(!listed.some(({ id }) => id === first), `it is not in bob's ${group}`);
    }
    const { viewer } = await company.ask(
      bob,
      '{ viewer { sessions(first: 100) { nodes { id } } } }',
    );
    equal(ids(viewer.sessions), [second], "bob's sessions");
  });
  await step('… nor the sessions of the client', async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Session {
      client { sessions(first: 100) { nodes { id } } }
    } } }`;
    const { node } = await company.ask(bob, query, { id: second });
    holds(!ids(node.client.sessions).includes(first), 'it is not among them');
    holds(ids(node.client.sessions).includes(second), 'the later one is');
  });
  await step('… nor name search', async () => {
    const query = `query ($q: String!) { viewer { searchSessions(query: $q, first: 100) { nodes { id } } } }`;
    const found = async (/** @type {{ token: string }} */ who) =>
      ids((await company.ask(who, query, { q: zoe.name })).viewer.searchSessions);
    await eventually('ann finds hers', async () => (await found(ann)).includes(first));
    await eventually('bob finds his', async () => (await found(bob)).includes(second));
    equal(await found(bob), [second], 'what bob finds');
    equal(await found(ann), [first], 'what ann finds');
  });
  await step('… nor counters', async () => {
    const counters = '{ viewer { counters { unreadSessions } } }';
    const before = (await company.ask(bob, counters)).viewer;
    equal(before.counters.unreadSessions, bob.before.unreadSessions + 1, 'the later one counts');
    const { node } = await company.ask(bob, DIALOG, { id: second });
    const upToSeq = node.messages.nodes.at(-1).seq;
    await company.does(bob, 'markSessionRead', { sessionId: second, upToSeq });
    const after = (await company.ask(bob, counters)).viewer;
    equal(after.counters.unreadSessions, bob.before.unreadSessions, 'and read, none does');
  });
}

/** @param {Scene} scene */
async function later({ company, zoe, first, second }) {
  const { ann, bob } = company.people;
  await step('later ones are never visible through earlier ones', async () => {
    // bob has the second, ann had the first.
    const { node, viewer } = await company.ask(
      ann,
      'query ($id: ID!) { node(id: $id) { id } viewer { session(id: $id) { id } } }',
      { id: second },
    );
    equal([node, viewer.session], [null, null], 'the later one, for ann');
    const dialog = (await company.ask(ann, DIALOG, { id: first })).node.messages;
    equal(
      [...new Set(dialog.nodes.map((/** @type {any} */ { session }) => session.id))],
      [first],
      'the sessions in her dialog',
    );
    equal(dialog.pageInfo.hasNextPage, false, 'whether there is more');
    const theirs = (await company.ask(bob, DIALOG, { id: second })).node.messages.nodes;
    const last = theirs.at(-1);
    const found = await company.ask(ann, 'query ($id: ID!) { node(id: $id) { id } }', {
      id: last.id,
    });
    equal(found.node, null, 'a message of the later one');
  });
  await step('… nor by search in the earlier one, nor by the sessions of its client', async () => {
    const query = `query ($id: ID!, $q: String!) { node(id: $id) { ... on Session {
      searchMessages(query: $q, first: 100) { nodes { text } }
      client { sessions(first: 100) { nodes { id } } }
    } } }`;
    const { node } = await company.ask(ann, query, { id: first, q: 'second' });
    equal(node.searchMessages.nodes, [], 'what is found of the later one');
    equal(node.client.sessions.nodes, [{ id: first }], 'the sessions of the client');
  });
  await step('… nor by following the earlier one', async () => {
    const follow = (
      /** @type {import('../lib/people.mjs').Employee} */ who,
      /** @type {string} */ id,
    ) =>
      listen(who.line, `${who.as}'s messages`, {
        query: `subscription ($id: ID!) { messages(sessionId: $id, afterSeq: 0) {
          text session { id }
        } }`,
        variables: { id },
      });
    const [hers, his] = [follow(ann, first), follow(bob, second)];
    await hers.next('what stood there', ({ text }) => text === 'A note');
    await his.next('what stood there', ({ text }) => text === 'A second request');
    await zoe.post('Only for bob');
    await his.next('the next', ({ text }) => text === 'Only for bob');
    equal(
      hers.all.filter(({ session }) => session.id !== first),
      [],
      'what ann was told of the later one',
    );
  });
}

/** @param {Scene} scene */
async function gone({ company, first, second }) {
  const { ann, bob, sue } = company.people;
  await step('who sees the later one no more does not see the earlier ones any more', async () => {
    await company.does(sue, 'assignSession', { sessionId: second, employeeId: ann.id });
    const look = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const { nodes } = await company.ask(bob, look, { ids: [first, second] });
    equal(nodes, [null, null], 'what bob finds');
    const hers = await company.ask(ann, look, { ids: [first, second] });
    equal(hers.nodes, [{ id: first }, { id: second }], 'what ann finds');
  });
}

/** @param {Scene} scene */
async function between({ company, zoe, first, second }) {
  const { ann, bob } = company.people;
  await step('of three, who had the first and the second sees not the third', async () => {
    await company.does(ann, 'closeSession', { sessionId: second });
    await zoe.post('A third request');
    const third = await company.waiting(ann, zoe.name);
    await company.does(bob, 'claimSession', { sessionId: third });
    const look = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const ids = [first, second, third];
    const [hers, his] = await Promise.all(
      [ann, bob].map(async (who) => (await company.ask(who, look, { ids })).nodes),
    );
    equal(hers, [{ id: first }, { id: second }, null], 'what ann finds');
    equal(his, [{ id: first }, { id: second }, { id: third }], 'what bob finds');
    const dialog = (await company.ask(ann, DIALOG, { id: second })).node.messages;
    const shown = new Set(dialog.nodes.map((/** @type {any} */ { session }) => session.id));
    equal([...shown], [first, second], 'the sessions in the dialog of the second');
    equal(dialog.pageInfo.hasNextPage, false, 'whether there is more');
  });
}
