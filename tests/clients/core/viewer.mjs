// @ts-check
// Where an employee begins: what is theirs, over all live chats, and looking up by id.

import { Company } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { codes } from '../lib/request.mjs';
import { step } from '../lib/steps.mjs';

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    {
      desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
      shop: { ann: ['OPERATOR'], sue: ['OPERATOR'] },
    },
    ['kim'],
  );
  try {
    await company.online();
    await oneself(company);
    await liveChats(company);
    await sessions(company);
    await found(company);
    await refused(company);
  } finally {
    await company.dissolve();
  }
}

/** @param {Company} company */
async function oneself(company) {
  const { ann, sue } = company.people;
  const query = '{ viewer { id employee { id name presence } counters { id } } }';
  await step('the viewer is a node, with the employee and the counters', async () => {
    const { viewer } = await company.ask(ann, query);
    equal(viewer.employee, { id: ann.id, name: 'Ann', presence: 'ONLINE' }, 'the employee');
    const again = await company.ask(ann, query);
    equal(again.viewer, viewer, 'asked again');
    const look = 'query ($id: ID!) { node(id: $id) { __typename id } }';
    const { node } = await company.ask(ann, look, { id: viewer.id });
    equal(node, { __typename: 'Viewer', id: viewer.id }, 'the node');
    equal((await company.ask(sue, look, { id: viewer.id })).node, null, 'for another');
  });
  await step('a colleague is a node, with name and presence', async () => {
    const look = 'query ($id: ID!) { node(id: $id) { ... on Employee { name presence } } }';
    const { node } = await company.ask(ann, look, { id: sue.id });
    equal(node, { name: 'Sue', presence: 'ONLINE' }, 'sue, for ann');
  });
}

/** @param {Company} company */
async function liveChats(company) {
  const { ann, sue, kim } = company.people;
  await step('viewer.liveChats are those where I have a role', async () => {
    const ids = async (/** @type {{ token: string }} */ who) => {
      const { viewer } = await company.ask(who, '{ viewer { liveChats { id } } }');
      return viewer.liveChats.map((/** @type {any} */ { id }) => id);
    };
    for (const who of [ann, sue]) {
      const listed = await ids(who);
      for (const chat of ['desk', 'shop']) holds(listed.includes(company.id(chat)), chat);
    }
    const theirs = await ids(kim);
    for (const chat of ['desk', 'shop']) holds(!theirs.includes(company.id(chat)), `kim, ${chat}`);
  });
  await step('viewer.liveChat finds one of them, and nothing else', async () => {
    const query = 'query ($id: ID!) { viewer { liveChat(id: $id) { name } } }';
    const { viewer } = await company.ask(ann, query, { id: company.id() });
    equal(viewer.liveChat, { name: company.liveChats.desk.name }, 'the live chat');
    for (const [who, id] of /** @type {[{ token: string }, string][]} */ ([
      [kim, company.id()],
      [ann, 'nonsense'],
      [ann, ann.id],
    ])) {
      equal((await company.ask(who, query, { id })).viewer.liveChat, null, `the live chat ${id}`);
    }
  });
}

/** @param {Company} company */
async function sessions(company) {
  const { ann, sue } = company.people;
  /** @type {Awaited<ReturnType<Company['arrival']>>[]} */
  const clients = [];
  for (const [at, chat] of ['desk', 'shop', 'desk', 'shop', 'desk'].entries()) {
    const one = await company.arrival(`Client ${at}`, ann, chat);
    await company.does(ann, 'claimSession', { sessionId: one.session });
    clients.push(one);
  }
  // The second writes last, the others in their order before.
  await clients[1].visitor.post('Once more');
  const expected = [1, 4, 3, 2, 0].map((at) => clients[at].session);
  const read = async (/** @type {string} */ args, /** @type {{ token: string }} */ who = ann) => {
    const { viewer } = await company.ask(
      who,
      `{ viewer { sessions(${args}) { nodes { id } pageInfo { hasNextPage endCursor } } } }`,
    );
    return {
      ids: viewer.sessions.nodes.map((/** @type {any} */ { id }) => id),
      ...viewer.sessions.pageInfo,
    };
  };
  await step(
    'viewer.sessions are those assigned to me, over all live chats, last message first',
    async () => {
      equal((await read('first: 100')).ids, expected, "ann's sessions");
      equal((await read('first: 100', sue)).ids, [], "sue's, to whom none is assigned");
    },
  );
  await step('page by page they are the same', async () => {
    const all = [];
    for (let after = ''; ;) {
      const page = await read(`first: 2${after}`);
      all.push(...page.ids);
      if (!page.hasNextPage) break;
      after = `, after: ${JSON.stringify(page.endCursor)}`;
    }
    equal(all, expected, 'the sessions');
  });
  await step('a filter leaves the unread ones, and those that wait for a reply', async () => {
    const [first, second] = clients;
    await company.does(ann, 'sendMessage', {
      sessionId: first.session,
      text: 'An answer',
      clientMessageId: '1',
    });
    // Read, and not answered.
    const { viewer } = await company.ask(
      ann,
      'query ($id: ID!) { viewer { session(id: $id) { messages(last: 1) { nodes { seq } } } } }',
      { id: second.session },
    );
    const upToSeq = viewer.session.messages.nodes[0].seq;
    await company.does(ann, 'markSessionRead', { sessionId: second.session, upToSeq });
    const all = async (/** @type {string} */ filter) => {
      const ids = [];
      for (let after = ''; ;) {
        const page = await read(`first: 100, filter: { ${filter} }${after}`);
        ids.push(...page.ids);
        if (!page.hasNextPage) return ids;
        after = `, after: ${JSON.stringify(page.endCursor)}`;
      }
    };
    const [, second2, ...others] = clients.map(({ session }) => session);
    equal(new Set(await all('unread: true')), new Set(others), 'unread');
    equal(new Set(await all('waitingForReply: true')), new Set([second2, ...others]), 'waiting');
    const both = await all('unread: true, waitingForReply: true');
    equal(new Set(both), new Set(others), 'unread and waiting');
  });
  await step('viewer.session finds what I may see, and nothing else', async () => {
    const query = 'query ($id: ID!) { viewer { session(id: $id) { id } } }';
    const { viewer } = await company.ask(ann, query, { id: expected[0] });
    equal(viewer.session, { id: expected[0] }, 'the session');
    for (const id of ['nonsense', '', company.id(), ann.id]) {
      equal((await company.ask(ann, query, { id })).viewer.session, null, `the session ${id}`);
    }
  });
  await step(
    'viewer.searchSessions finds by name, in all I may see, last opened first',
    async () => {
      const query =
        'query ($q: String!) { viewer { searchSessions(query: $q, first: 100) { nodes { id } } } }';
      const search = async (/** @type {{ token: string }} */ who) =>
        (
          await company.ask(who, query, { q: `client ${company.run}` })
        ).viewer.searchSessions.nodes.map((/** @type {any} */ { id }) => id);
      const opened = clients.map(({ session }) => session).toReversed();
      await eventually('all of them', async () => (await search(ann)).length === opened.length);
      equal(await search(ann), opened, 'what ann finds');
      // sue supervises the desk, and only operates the shop.
      const seen = opened.filter((_, at) => [0, 2, 4].includes(at));
      equal(await search(sue), seen, 'what sue finds');
    },
  );
}

/** @param {Company} company */
async function found(company) {
  const { ann } = company.people;
  await step(
    'nodes answers in the order asked, each as often, null for what there is not',
    async () => {
      const ids = [company.id(), 'nonsense', ann.id, company.id(), ''];
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      const { nodes } = await company.ask(ann, query, { ids });
      equal(
        nodes.map((/** @type {any} */ node) => node?.id ?? null),
        [company.id(), null, ann.id, company.id(), null],
        'the nodes',
      );
    },
  );
  await step('nodes takes 100 ids, and no more', async () => {
    const of = (/** @type {number} */ count) =>
      `{ nodes(ids: ${JSON.stringify(Array.from({ length: count }, () => ann.id))}) { id } }`;
    const { nodes } = await company.ask(ann, of(100));
    equal(nodes.length, 100, 'how many are answered');
    equal(await codes(company.origin, ann.token, of(101)), ['BAD_USER_INPUT'], '101');
  });
}

/** @param {Company} company */
async function refused(company) {
  const { ann } = company.people;
  await step('a page has 1 to 100 entries, else BAD_USER_INPUT', async () => {
    for (const list of [
      'sessions(first: 0) { nodes { id } }',
      'sessions(first: 101) { nodes { id } }',
      'sessions(first: -1) { nodes { id } }',
      'searchSessions(query: "a", first: 101) { nodes { id } }',
      'sessions(first: 1, after: "nonsense!") { nodes { id } }',
    ]) {
      const asked = await codes(company.origin, ann.token, `{ viewer { ${list} } }`);
      equal(asked, ['BAD_USER_INPUT'], list);
    }
  });
  await step('what asks for too much is TOO_COMPLEX', async () => {
    let inner = 'id';
    for (let depth = 0; depth < 4; depth += 1) {
      inner = `messages(first: 100) { nodes { session { ${inner} } } }`;
    }
    const query = `{ viewer { sessions(first: 100) { nodes { ${inner} } } } }`;
    equal(await codes(company.origin, ann.token, query), ['TOO_COMPLEX'], 'the codes');
  });
}
