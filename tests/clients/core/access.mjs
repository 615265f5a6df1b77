// @ts-check
// What someone may not see is answered exactly as what does not exist, by every way to ask.

import { acts, readActs } from '../lib/every-act.mjs';
import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { request } from '../lib/request.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    {
      desk: {
        ann: ['OPERATOR'],
        bob: ['OPERATOR'],
        dan: ['OPERATOR', 'SUPERVISOR'],
        sue: ['SUPERVISOR'],
      },
      shop: { eve: ['OPERATOR', 'SUPERVISOR'] },
    },
    ['kim'],
  );
  try {
    await company.online();
    const { ann } = company.people;
    const app = await company.ada.createApp(company.named('Accounts'), 'ACCOUNT');
    for (const id of ['desk', 'shop']) await company.ada.setLiveChatApps(company.id(id), [app]);
    const { session, visitor } = await company.arrival('Zoe', ann);
    await company.does(ann, 'claimSession', { sessionId: session });
    const args = { sessionId: session, appId: app, title: 'An item' };
    const { item } = await company.does(ann, 'createAndBindItem', args, 'item { id }');
    const scene = { company, session, visitor, app, item: item.id };
    await taken(scene);
    await removed(scene);
    await acted(scene);
    await asked(scene);
    await listed(scene);
    await followed(scene);
  } finally {
    await company.dissolve();
  }
}

/** @typedef {{ company: Company, session: string, visitor: { name: string }, app: string, item: string }} Scene */

/**
 * An id that looks like the given one, of something that does not exist.
 * @param {string} id
 */
function missing(id) {
  const text = Buffer.from(id, 'base64url').toString();
  // The middle of it: what stands there is chance.
  const at = Math.floor(text.length / 2);
  const other = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  return Buffer.from(other).toString('base64url');
}

/** @param {Scene} scene */
async function taken({ company, session }) {
  const { bob } = company.people;
  await step('of a taken session of their live chat an operator may learn by whom', async () => {
    const claimed = await company.act(
      bob,
      'claimSession',
      { sessionId: session },
      'session { id } claimedBy { name }',
    );
    equal(
      [refusal(claimed), claimed.claimedBy, claimed.session],
      ['ALREADY_CLAIMED', { name: 'Ann' }, null],
      'from claimSession',
    );
    const sent = await company.act(
      bob,
      'sendMessage',
      { sessionId: session, text: 'An answer', clientMessageId: company.run },
      'session { id } message { id } claimedBy { name }',
    );
    equal(
      [refusal(sent), sent.claimedBy, sent.session, sent.message],
      ['ALREADY_CLAIMED', { name: 'Ann' }, null, null],
      'from sendMessage',
    );
  });
  await step('who supervises as well is told the same, and sees it', async () => {
    const { dan } = company.people;
    const claimed = await company.act(
      dan,
      'claimSession',
      { sessionId: session },
      'session { id } claimedBy { name }',
    );
    equal(
      [refusal(claimed), claimed.claimedBy, claimed.session],
      ['ALREADY_CLAIMED', { name: 'Ann' }, { id: session }],
      'from claimSession',
    );
  });
  await step('from these two only: to all else it does not exist', async () => {
    const target = { session, colleague: company.people.ann.id, app: 'x', item: 'x' };
    for (const { field, args, selection } of [...acts(target), ...readActs(session, 1)]) {
      if (['claimSession', 'sendMessage'].includes(field)) continue;
      equal(refusal(await company.act(bob, field, args, selection)), 'NOT_FOUND', field);
    }
    const typing = await company.act(bob, 'setTyping', { sessionId: session });
    equal(refusal(typing), 'NOT_FOUND', 'setTyping');
  });
  await step('who is no operator of the live chat does not even learn that', async () => {
    for (const who of [company.people.eve, company.people.kim]) {
      const args = { sessionId: session };
      const claimed = await company.act(
        who,
        'claimSession',
        args,
        'session { id } claimedBy { name }',
      );
      equal([refusal(claimed), claimed.claimedBy], ['NOT_FOUND', null], who.as);
    }
  });
}

/** @param {Scene} scene */
async function removed({ company }) {
  const { ann, bob, eve } = company.people;
  await step('the feed says REMOVED, and by whom it was taken', async () => {
    const { session } = await company.arrival('Removed', ann);
    await bob.sessions.next('it opens', (one) => one.session?.id === session);
    await company.does(ann, 'claimSession', { sessionId: session });
    const change = await bob.sessions.next('REMOVED', ({ removedId }) => removedId === session);
    equal([change.kind, change.by?.name, change.session], ['REMOVED', 'Ann', null], 'the change');
    holds(
      !eve.sessions.has(({ removedId, session: of }) => [removedId, of?.id].includes(session)),
      'eve, who never saw it, is not told of it',
    );
  });
}

/**
 * An answer as text, in which one id stands for another.
 * @param {unknown} answer
 * @param {string} id
 */
const shape = (answer, id) =>
  JSON.stringify(answer)
    .replaceAll(id, 'ID')
    .replaceAll(/"requestId":"[^"]*"/g, '"requestId":""');

/** @param {Scene} scene */
async function acted({ company, session, app, item }) {
  const { ann, eve, kim } = company.people;
  await step(
    'every act on a session out of sight is answered as on one that does not exist',
    async () => {
      for (const who of [eve, kim]) {
        const target = { colleague: ann.id, app, item };
        const [real, none] = [session, missing(session)].map((id) => [
          ...acts({ ...target, session: id }),
          ...readActs(id, 1),
          { field: 'setTyping', args: { sessionId: id }, selection: '' },
        ]);
        for (const [at, { field, selection }] of real.entries()) {
          const answers = [];
          for (const { args } of [real[at], none[at]]) {
            const payload = await company.act(who, field, args, selection);
            answers.push(shape(payload, String(args.sessionId)));
          }
          equal(answers[0], answers[1], `${field} by ${who.as}`);
          holds(answers[0].includes('NOT_FOUND'), `${field} by ${who.as} is NOT_FOUND`);
        }
      }
    },
  );
}

/** @param {Scene} scene */
async function asked({ company, session, item }) {
  const { ann, bob, eve, kim } = company.people;
  const { viewer } = await company.ask(
    ann,
    `query ($id: ID!) { viewer { session(id: $id) {
      client { id } channel { id } liveChat { id } messages(first: 100) { nodes { id kind } }
    } } }`,
    { id: session },
  );
  const { client, channel, liveChat, messages } = viewer.session;
  await step('`node` and `nodes` answer it as what does not exist', async () => {
    const ids = [session, client.id, ...messages.nodes.map((/** @type {any} */ { id }) => id)];
    for (const who of [bob, eve, kim]) {
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      const { nodes } = await company.ask(who, query, { ids: [...ids, ...ids.map(missing)] });
      equal(new Set(nodes), new Set([null]), `nodes for ${who.as}`);
      for (const id of ids) {
        const node = 'query ($id: ID!) { node(id: $id) { __typename id } }';
        const [one, other] = await Promise.all(
          [id, missing(id)].map(async (of) =>
            shape(await request(company.origin, who.token, node, { id: of }), of),
          ),
        );
        equal(one, other, `node for ${who.as}`);
      }
    }
  });
  await step('so do live chats, channels and items of others', async () => {
    for (const who of [eve, kim]) {
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      const { nodes } = await company.ask(who, query, { ids: [liveChat.id, channel.id] });
      equal(nodes, [null, null], `what ${who.as} finds`);
    }
    const { node } = await company.ask(kim, 'query ($id: ID!) { node(id: $id) { id } }', {
      id: item,
    });
    equal(node, null, 'the item, for kim');
  });
  await step('an item shows of its sessions only those one may see', async () => {
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Item { sessions(first: 10) { nodes { id } } } } }';
    const of = async (/** @type {Employee} */ who) =>
      (await company.ask(who, query, { id: item })).node.sessions.nodes;
    equal(await of(ann), [{ id: session }], 'for ann');
    // They see the item, because their live chats name its app.
    for (const who of [bob, eve]) equal(await of(who), [], `for ${who.as}`);
  });
}

/** @param {Scene} scene */
async function listed({ company, session, visitor }) {
  const { bob, eve, kim } = company.people;
  await step('lists, counters and search know nothing of it', async () => {
    const query = `query ($q: String!, $in: ID!) { viewer {
      session(id: "${session}") { id }
      sessions(first: 100) { nodes { id } }
      searchSessions(query: $q, first: 100) { nodes { id } }
      counters { workspaceBadge queue }
      liveChat(id: $in) { id }
      liveChats { id }
    } }`;
    for (const who of [bob, eve, kim]) {
      const { viewer } = await company.ask(who, query, { q: visitor.name, in: company.id() });
      const { session: seen, sessions, searchSessions, counters } = viewer;
      equal([seen, sessions.nodes, searchSessions.nodes], [null, [], []], `what ${who.as} finds`);
      const { workspaceBadge, queue } = who.before;
      equal(counters, { workspaceBadge, queue }, `${who.as}'s counters`);
      if (who !== bob) equal(viewer.liveChat, null, `the live chat, for ${who.as}`);
    }
  });
}

/** @param {Scene} scene */
async function followed({ company, session, visitor }) {
  const { bob, eve, kim, sue } = company.people;
  await step('it cannot be followed, and is refused as what does not exist', async () => {
    for (const who of [bob, eve, kim]) {
      for (const feed of ['messages(sessionId: $id) { id }', 'typing(sessionId: $id) { until }']) {
        const errors = [];
        for (const id of [session, missing(session)]) {
          const query = `subscription ($id: ID!) { ${feed} }`;
          const inbox = listen(who.line, feed, { query, variables: { id } });
          errors.push(shape(await eventually(feed, () => inbox.error), id));
          equal(inbox.all, [], `what ${who.as} heard`);
        }
        equal(errors[0], errors[1], `${feed} for ${who.as}`);
      }
    }
  });
  await step('nor does a feed of a live chat of others tell anything', async () => {
    const query = 'subscription ($id: ID) { sessions(liveChatId: $id) { kind session { id } } }';
    const variables = { id: company.id() };
    const inboxes = [eve, kim].map((who) =>
      listen(who.line, `${who.as}'s feed`, { query, variables }),
    );
    await sue.sessions.next('the last of before', (one) => one.session?.id === session);
    const { session: next } = await company.arrival('Later', sue);
    await sue.sessions.next('the next', (one) => one.session?.id === next);
    for (const inbox of inboxes) {
      equal(
        inbox.all.filter((one) => one?.session),
        [],
        'what was told',
      );
    }
    for (const who of [bob, eve, kim]) {
      const told = who.sessions.all.filter((one) => one.session?.client.name === visitor.name);
      const own = told.filter((one) => one.session.state !== 'QUEUED');
      equal(own, [], `what ${who.as} was told of it when it was taken`);
    }
    for (const who of [eve, kim]) {
      const told = who.sessions.all.filter((one) => one.session ?? one.removedId);
      equal(told, [], `what ${who.as} was told`);
    }
  });
}
