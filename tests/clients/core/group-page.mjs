// @ts-check
// The groups of a live chat: their pages, their filters, and what stands over all live chats.

import { ids } from '../lib/connection.mjs';
import { equal } from '../lib/expect.mjs';
import { Lists } from '../lib/lists.mjs';
import { codes } from '../lib/request.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/scene.mjs').Group} Group */
/** @typedef {import('../lib/scene.mjs').Case} Case */
/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @type {Group[]} */
const GROUPS = ['ACTIVE', 'CLOSED', 'QUEUE', 'MY'];

/** @param {string} origin */
export async function play(origin) {
  const lists = await Lists.set(origin);
  await pages(lists);
  await filters(lists);
  await everywhere(lists);
  await lists.scene.end();
}

/** @param {Lists} lists */
async function pages(lists) {
  const { scene, ann, sue } = lists;
  const { origin } = scene.company;
  chapter('Pages');
  const cases = await scene.queue(sue, 5);

  await step(
    'a page has its first entries, says that there is more, and where it ends',
    async () => {
      const page = await scene.some(ann, 'QUEUE', { first: 2 });
      equal(ids(page.nodes), ids(cases.slice(0, 2)), 'the first two');
      equal(page.pageInfo.hasNextPage, true, 'hasNextPage');
      equal(page.pageInfo.endCursor, page.edges[1].cursor, 'endCursor');
      equal(page.pageInfo.startCursor, page.edges[0].cursor, 'startCursor');
    },
  );
  await step('edges and nodes of a page are the same', async () => {
    const page = await scene.some(ann, 'QUEUE', { first: 3 });
    equal(ids(page.edges.map((/** @type {any} */ edge) => edge.node)), ids(page.nodes), 'ids');
  });
  await step('the next page begins after the cursor of any entry', async () => {
    const { edges } = await scene.some(ann, 'QUEUE', { first: 3 });
    const page = await scene.some(ann, 'QUEUE', { first: 2, after: edges[0].cursor });
    equal(ids(page.nodes), ids(cases.slice(1, 3)), 'the second and the third');
    equal(page.pageInfo.hasNextPage, true, 'hasNextPage');
  });
  await step('the last page says that there is no more', async () => {
    const { pageInfo } = await scene.some(ann, 'QUEUE', { first: 4 });
    const page = await scene.some(ann, 'QUEUE', { first: 4, after: pageInfo.endCursor });
    equal([ids(page.nodes), page.pageInfo.hasNextPage], [[cases[4].id], false], 'the last page');
  });
  await step('a cursor stays good when its session has left the list', async () => {
    const { pageInfo } = await scene.some(ann, 'QUEUE', { first: 2 });
    await lists.act('closeSession', sue, cases[1]);
    const page = await scene.some(ann, 'QUEUE', { first: 2, after: pageInfo.endCursor });
    equal(ids(page.nodes), ids(cases.slice(2, 4)), 'what follows');
  });
  const query = `query ($id: ID!, $group: SessionGroup!, $first: Int!, $after: String) {
    viewer { liveChat(id: $id) { sessions(group: $group, first: $first, after: $after) {
      nodes { id }
    } } }
  }`;
  for (const first of [0, 101, -1]) {
    await step(`first: ${first} is BAD_USER_INPUT in each group`, async () => {
      for (const group of GROUPS) {
        const args = { id: scene.liveChatId, group, first };
        equal(await codes(origin, sue.token, query, args), ['BAD_USER_INPUT'], group);
      }
    });
  }
  await step('first: 1 and first: 100 are good', async () => {
    for (const first of [1, 100]) {
      for (const group of GROUPS) await scene.some(sue, group, { first });
    }
  });
  await step('what is no cursor is BAD_USER_INPUT in each group', async () => {
    for (const group of GROUPS) {
      const args = { id: scene.liveChatId, group, first: 2, after: 'nonsense' };
      equal(await codes(origin, sue.token, query, args), ['BAD_USER_INPUT'], group);
    }
  });
  for (const one of cases) await lists.act('closeSession', sue, one);
}

/** @param {Lists} lists */
async function filters(lists) {
  const { scene, ann, sue } = lists;
  chapter('Filters');
  const [unread, read, answered, waits] = await scene.queue(sue, 4);
  for (const one of [unread, read, answered]) await lists.act('claimSession', ann, one);
  await lists.act('markSessionRead', ann, read, { upToSeq: 1 });
  await scene.send(ann, answered.id);

  /**
   * @param {Employee} who
   * @param {Group} group
   * @param {import('../lib/scene.mjs').Filter} filter
   * @param {Case[]} cases
   */
  const leaves = async (who, group, filter, cases) => {
    for (const first of [1, 100]) {
      const some = await scene.group(who, group, { filter, first });
      equal(ids(some).sort(), ids(cases).sort(), `${group} by ${first}`);
    }
  };
  await step('unread: true leaves those with unread messages', async () => {
    await leaves(ann, 'MY', { unread: true }, [unread]);
    await leaves(sue, 'ACTIVE', { unread: true }, [unread, waits]);
    await leaves(sue, 'QUEUE', { unread: true }, [waits]);
    await leaves(sue, 'CLOSED', { unread: true }, []);
  });
  await step('unread: false leaves those without', async () => {
    await leaves(ann, 'MY', { unread: false }, [read, answered]);
    await leaves(sue, 'ACTIVE', { unread: false }, [read, answered]);
    await leaves(sue, 'QUEUE', { unread: false }, []);
  });
  await step('waitingForReply: true leaves those whose client waits for an answer', async () => {
    await leaves(ann, 'MY', { waitingForReply: true }, [unread, read]);
    await leaves(sue, 'ACTIVE', { waitingForReply: true }, [unread, read, waits]);
  });
  await step("waitingForReply: false leaves those where it is the client's turn", async () => {
    await leaves(ann, 'MY', { waitingForReply: false }, [answered]);
    await leaves(sue, 'ACTIVE', { waitingForReply: false }, [answered]);
  });
  await step('both filters leave what fits both', async () => {
    await leaves(ann, 'MY', { unread: false, waitingForReply: true }, [read]);
  });
  await step('no filter leaves all', () => leaves(ann, 'MY', {}, [unread, read, answered]));
  for (const one of [unread, read, answered, waits]) await lists.act('closeSession', sue, one);
}

/** @param {Lists} lists */
async function everywhere(lists) {
  const { scene, ann, bob, sue, eve } = lists;
  chapter('Over all live chats');
  const elsewhere = await scene.company.webhook('Elsewhere');
  const from = { id: crypto.randomUUID(), name: `Elsewhere ${scene.company.run}` };
  await elsewhere({ messageId: '1', from, text: 'Over here' });
  const id = scene.company.id('Elsewhere');
  const [other] = await scene.group(eve, 'QUEUE', { id });
  await scene.act(ann, 'claimSession', { sessionId: other.id });
  const here = await scene.assigned(ann);
  const bobs = await scene.assigned(bob);

  const query = `query ($filter: SessionFilter, $first: Int!, $after: String) {
    viewer { sessions(filter: $filter, first: $first, after: $after) {
      nodes { id } pageInfo { hasNextPage endCursor }
    } }
  }`;
  const read = async (/** @type {Record<string, unknown>} */ args) =>
    (await scene.ask(ann, query, args)).viewer.sessions;
  await step('viewer.sessions: those assigned to me, over all live chats, paged', async () => {
    // Below these stands what ann may have in live chats of others.
    const all = ids((await read({ first: 100 })).nodes);
    equal(all.slice(0, 2), [here.id, other.id], 'last message first');
    equal(all.includes(bobs.id), false, "whether bob's is among them");
    const page = await read({ first: 1 });
    equal([ids(page.nodes), page.pageInfo.hasNextPage], [[here.id], true], 'the first page');
    const next = await read({ first: 1, after: page.pageInfo.endCursor });
    equal(ids(next.nodes), [other.id], 'the second page');
  });
  await step('viewer.sessions takes the filters', async () => {
    await scene.send(ann, other.id);
    const left = async (/** @type {import('../lib/scene.mjs').Filter} */ filter) => {
      const all = ids((await read({ first: 100, filter })).nodes);
      return [here, other].map(({ id }) => all.includes(id));
    };
    equal(await left({ unread: true }), [true, false], 'unread');
    equal(await left({ unread: false }), [false, true], 'read');
    equal(await left({ waitingForReply: false }), [false, true], 'answered');
  });
  await step("a client's sessions are those the viewer may see", async () => {
    const one = await scene.closed(bob, 'Comes again');
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    const sessions =
      'query ($id: ID!) { node(id: $id) { ... on Session { client { sessions(first: 10) { nodes { id } } } } } }';
    const seen = async (/** @type {Employee} */ who) =>
      ids((await scene.ask(who, sessions, { id: again.id })).node.client.sessions.nodes);
    equal(await seen(sue), [again.id, one.id], 'of sue, last opened first');
    equal(await seen(bob), [again.id, one.id], 'of bob, who had it');
    // Readable through the later one is not in lists.
    equal(await seen(ann), [again.id], 'of ann, who had not');
  });
}
