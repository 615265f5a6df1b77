// @ts-check
// What a client sees: their own conversation, and nothing of the desk behind it.

import { acts, readActs } from '../lib/every-act.mjs';
import { Company } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { codes, request } from '../lib/request.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */
/** @typedef {import('../lib/people.mjs').Visitor} Visitor */

const CONVERSATION = `query ($in: ID) { conversation(liveChatId: $in) {
  id liveChat { id name }
  messages(first: 100) { nodes { seq text author { name viewerIsAuthor } } }
} }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    { desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] }, shop: { ann: ['OPERATOR'] } },
    ['kim'],
  );
  try {
    await company.online();
    const { ann } = company.people;
    const { visitor: zoe, session } = await company.arrival('Zoe', ann);
    const { visitor: max } = await company.arrival('Max', ann);
    zoe.open();
    max.open();
    await own(company, zoe, max);
    await hidden(company, zoe, session);
    await nobody(company, zoe);
    await bound(company, zoe, session);
    await refused(company, zoe, session);
    await internal(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {Visitor} zoe
 * @param {Visitor} max
 */
async function own(company, zoe, max) {
  await step('a client sees their own conversation', async () => {
    const { conversation } = await company.ask(zoe, CONVERSATION);
    equal(conversation.liveChat, company.liveChats.desk, 'the live chat');
    equal(
      conversation.messages.nodes,
      [{ seq: 1, text: 'I am Zoe', author: { name: zoe.name, viewerIsAuthor: true } }],
      'the messages',
    );
    await zoe.messages.next('the first message', ({ text }) => text === 'I am Zoe');
  });
  await step('and nobody else’s, asked or pushed', async () => {
    await max.messages.next('the first message', ({ text }) => text === 'I am Max');
    await max.post('Only mine');
    await zoe.post('Mine too');
    await max.messages.next('the own one', ({ text }) => text === 'Only mine');
    await zoe.messages.next('the own one', ({ text }) => text === 'Mine too');
    for (const [who, texts] of /** @type {[Visitor, string[]][]} */ ([
      [zoe, ['I am Zoe', 'Mine too']],
      [max, ['I am Max', 'Only mine']],
    ])) {
      const { conversation } = await company.ask(who, CONVERSATION);
      const asked = conversation.messages.nodes.map((/** @type {any} */ { text }) => text);
      equal(asked, texts, `${who.name}'s conversation`);
      const pushed = who.messages.all.map(({ text }) => text);
      equal(pushed, texts, `what was pushed to ${who.name}`);
    }
  });
}

/**
 * @param {Company} company
 * @param {Visitor} zoe
 * @param {string} session
 */
async function hidden(company, zoe, session) {
  const { ann, sue } = company.people;
  await step('without notes and events, and without a hole where they are', async () => {
    const sessionId = session;
    const send = (/** @type {string} */ text) =>
      company.does(ann, 'sendMessage', { sessionId, text, clientMessageId: text });
    await company.does(ann, 'claimSession', { sessionId });
    await send('An answer');
    await company.does(ann, 'addNote', { sessionId, text: 'A secret', clientMessageId: 'note' });
    await company.does(sue, 'renameSession', { sessionId, name: 'A secret name' });
    await company.does(ann, 'returnSession', { sessionId, comment: 'A secret comment' });
    await company.does(ann, 'claimSession', { sessionId });
    await send('Another answer');
    await company.does(ann, 'closeSession', { sessionId });
    await zoe.post('After the close');
    await zoe.messages.next('the last', ({ text }) => text === 'After the close');
    const texts = ['I am Zoe', 'Mine too', 'An answer', 'Another answer', 'After the close'];
    const expected = texts.map((text, at) => ({ seq: at + 1, text }));
    const plain = (/** @type {any[]} */ all) => all.map(({ seq, text }) => ({ seq, text }));
    const { conversation } = await company.ask(zoe, CONVERSATION);
    equal(plain(conversation.messages.nodes), expected, 'the conversation');
    equal(plain(zoe.messages.all), expected, 'what was pushed');
    equal(zoe.messages.error, undefined, 'the error of the subscription');
  });
}

/**
 * @param {Company} company
 * @param {Visitor} zoe
 */
async function nobody(company, zoe) {
  await step('without who is who behind the desk beyond a display name', async () => {
    const { conversation } = await company.ask(zoe, CONVERSATION);
    const answers = conversation.messages.nodes.filter((/** @type {any} */ { text }) =>
      text.includes('answer'),
    );
    equal(
      answers.map((/** @type {any} */ one) => one.author),
      [
        { name: 'Ann', viewerIsAuthor: false },
        { name: 'Ann', viewerIsAuthor: false },
      ],
      'the authors of the answers',
    );
  });
  await step("no type of the desk can be reached from a client's side", async () => {
    const { __schema } = await company.ask(
      company.people.ann,
      `{ __schema { types { name kind fields(includeDeprecated: true) { name type {
        name ofType { name ofType { name ofType { name } } } } } } } }`,
    );
    const types = new Map(__schema.types.map((/** @type {any} */ one) => [one.name, one]));
    const seen = new Set(['Conversation', 'ConversationMessage', 'ConversationTyping']);
    for (const name of seen) {
      for (const { type } of types.get(name)?.fields ?? []) {
        let inner = type;
        while (inner.ofType) inner = inner.ofType;
        seen.add(inner.name);
      }
    }
    const others = [...seen].filter((name) => !/^(Conversation.*|PageInfo)$/.test(name));
    const scalars = others.filter((name) => types.get(name)?.kind === 'SCALAR');
    equal(others, scalars, 'what is reached and is not of the client');
    const fields = types
      .get('ConversationAuthor')
      .fields.map((/** @type {any} */ { name }) => name);
    equal(fields.toSorted(), ['name', 'viewerIsAuthor'], 'what is said of an author');
  });
}

/**
 * @param {Company} company
 * @param {Visitor} zoe
 * @param {string} session
 */
async function bound(company, zoe, session) {
  const { ann } = company.people;
  const shop = company.id('shop');
  await step("a client's token is bound to one live chat", async () => {
    const named = await company.ask(zoe, CONVERSATION, { in: company.id('desk') });
    equal(named.conversation.liveChat.id, company.id('desk'), 'the own one, named');
    const other = await request(company.origin, zoe.token, CONVERSATION, { in: shop });
    holds(!other.data?.conversation && other.errors?.length, 'another one is refused');
    const args = { liveChatId: shop, text: 'Hello', clientMessageId: 'shop' };
    const posted = await company.act(zoe, 'postMessage', args, 'message { id }');
    equal([posted.message, posted.userErrors[0]?.code], [null, 'NOT_FOUND'], 'a message to it');
    equal(await company.group(ann, 'QUEUE', 'shop'), [], 'the queue of the other one');
  });
  await step('`viewer` and `administration` are FORBIDDEN for a client', async () => {
    for (const field of ['viewer', 'administration']) {
      const asked = await codes(company.origin, zoe.token, `{ ${field} { __typename } }`);
      equal(asked, ['FORBIDDEN'], field);
    }
  });
  await step('nothing of the desk is found by its id', async () => {
    const { viewer } = await company.ask(
      ann,
      `query ($id: ID!, $in: ID!) { viewer {
        id employee { id } counters { id }
        liveChat(id: $in) { id channels { id } }
        session(id: $id) { id client { id } messages(first: 100) { nodes { id } } }
      } }`,
      { id: session, in: company.id('desk') },
    );
    const ids = [
      ...[viewer, viewer.employee, viewer.counters, viewer.liveChat, ...viewer.liveChat.channels],
      ...[viewer.session, viewer.session.client, ...viewer.session.messages.nodes],
    ].map(({ id }) => id);
    holds(ids.length >= 12, `all kinds of ids are there: ${ids.length}`);
    const found = await company.ask(zoe, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids,
    });
    equal(
      found.nodes,
      ids.map(() => null),
      'what the client finds',
    );
  });
}

/**
 * @param {Company} company
 * @param {Visitor} zoe
 * @param {string} session
 */
async function refused(company, zoe, session) {
  const { ann } = company.people;
  await step('a client can do nothing of the desk, and nothing happens', async () => {
    const look = 'query ($id: ID!) { node(id: $id) { ... on Session { version state name } } }';
    const before = await company.ask(ann, look, { id: session });
    const target = { session, colleague: ann.id, app: 'nothing', item: 'nothing' };
    for (const { field, args, selection } of [...acts(target), ...readActs(session, 1)]) {
      const list = Object.entries(args)
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
        .join(', ');
      const text = `mutation { ${field}(${list}) { ${selection} userErrors { code } } }`;
      equal(await codes(company.origin, zoe.token, text), ['FORBIDDEN'], field);
    }
    equal(await company.ask(ann, look, { id: session }), before, 'the session');
  });
  await step('a client hears nothing of the desk', async () => {
    for (const feed of [
      'counters { id }',
      'sessions { kind }',
      `messages(sessionId: "${session}") { id }`,
      'alerts { id }',
      `typing(sessionId: "${session}") { until }`,
      'presence { id }',
    ]) {
      const inbox = listen(zoe.line, feed, { query: `subscription { ${feed} }` });
      const [error] = /** @type {any[]} */ (await eventually(feed, () => inbox.error));
      equal([error.extensions?.code, inbox.all], ['FORBIDDEN', []], feed);
    }
  });
}

/** @param {Company} company */
async function internal(company) {
  const { kim, ann } = company.people;
  await step('an internal client finds the live chats to write to, and names one', async () => {
    const { viewer } = await company.ask(kim, '{ viewer { internalLiveChats { id name } } }');
    for (const liveChat of Object.values(company.liveChats)) {
      const found = viewer.internalLiveChats.filter(
        (/** @type {any} */ { id }) => id === liveChat.id,
      );
      equal(found, [liveChat], 'what kim finds');
    }
    const unnamed = await codes(company.origin, kim.token, CONVERSATION);
    equal(unnamed, ['BAD_USER_INPUT'], 'a conversation without a live chat');
  });
  await step('an internal client sees their own conversation there, and no more', async () => {
    const id = company.id('desk');
    const args = { liveChatId: id, text: 'From inside', clientMessageId: company.run };
    await company.does(kim, 'postMessage', args, 'message { seq }');
    const { conversation } = await company.ask(kim, CONVERSATION, { in: id });
    equal(
      conversation.messages.nodes,
      [{ seq: 1, text: 'From inside', author: { name: 'Kim', viewerIsAuthor: true } }],
      'the messages',
    );
    const session = await company.waiting(ann, 'Kim');
    const { node, viewer } = await company.ask(
      kim,
      'query ($id: ID!) { node(id: $id) { id } viewer { session(id: $id) { id } } }',
      { id: session },
    );
    equal([node, viewer.session], [null, null], 'the session behind it');
    const elsewhere = await company.ask(kim, CONVERSATION, { in: company.id('shop') });
    equal(elsewhere.conversation.messages.nodes, [], 'the conversation in the other live chat');
  });
}
