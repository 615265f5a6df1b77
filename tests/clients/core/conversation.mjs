// @ts-check
// A client's side: postMessage, conversation and conversationMessages.

import { Company, refusal } from '../lib/company.mjs';
import { ON_CONVERSATION } from '../lib/documents.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { codes } from '../lib/request.mjs';
import { follow, listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Visitor} Visitor */

const MESSAGE = 'message { id seq text sentAt clientMessageId replyTo { id } }';

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    { desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim'],
  );
  try {
    await company.online();
    await keys(company);
    await bounds(company);
    await precedence(company);
    await quotes(company);
    await pages(company);
    await pushed(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * The payload of a postMessage.
 * @param {Company} company
 * @param {{ token: string }} who
 * @param {Record<string, unknown>} args
 * @returns {Promise<any>}
 */
const post = (company, who, args) => company.act(who, 'postMessage', args, MESSAGE);

/**
 * Texts and numbers of the whole conversation, page by page.
 * @param {Company} company
 * @param {{ token: string }} who
 * @param {number} [size] of a page
 * @returns {Promise<any[]>}
 */
async function whole(company, who, size = 100) {
  const all = [];
  for (let after = null; ;) {
    const { conversation } = await company.ask(
      who,
      `query ($size: Int, $after: String) { conversation { messages(first: $size, after: $after) {
        nodes { id seq text sentAt clientMessageId replyTo { id } } pageInfo { hasNextPage endCursor }
      } } }`,
      { size, after },
    );
    const { nodes, pageInfo } = conversation.messages;
    all.push(...nodes);
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor;
  }
}

/** @param {Company} company */
async function keys(company) {
  const zoe = await company.visitor('Zoe');
  const args = { text: 'Once', clientMessageId: 'the key' };
  await step('the same clientMessageId with the same content gives the first result', async () => {
    const first = await post(company, zoe, args);
    equal(
      [first.userErrors, first.message.seq, first.message.clientMessageId],
      [[], 1, 'the key'],
      'the first',
    );
    equal(await post(company, zoe, args), first, 'the second');
    equal(await whole(company, zoe), [first.message], 'the conversation');
  });
  await step('with another text, or quoting another message, it is KEY_REUSED', async () => {
    const [{ id }] = await whole(company, zoe);
    for (const changed of [{ text: 'Twice' }, { replyToId: id }]) {
      const again = await post(company, zoe, { ...args, ...changed });
      equal([again.message, refusal(again)], [null, 'KEY_REUSED'], JSON.stringify(changed));
    }
    equal((await whole(company, zoe)).length, 1, 'how many messages there are');
  });
  await step("the key of one client is not another's", async () => {
    const max = await company.visitor('Max');
    const { message, userErrors } = await post(company, max, { ...args, text: 'Of Max' });
    equal([message?.seq, message?.text, userErrors], [1, 'Of Max', []], 'the message');
  });
}

/** @param {Company} company */
async function bounds(company) {
  const zoe = await company.visitor('Zoe in bounds');
  await step('a message has 1 to 8000 code points, else INVALID with the field', async () => {
    for (const text of ['', 'x'.repeat(8001), '😀'.repeat(8001)]) {
      const { message, userErrors } = await post(company, zoe, { text, clientMessageId: 'a' });
      equal(
        [message, userErrors[0]?.code, userErrors[0]?.field],
        [null, 'INVALID', ['text']],
        `${[...text].length} code points`,
      );
    }
    for (const text of ['x', '😀'.repeat(8000)]) {
      const clientMessageId = `${text.length}`;
      const { message, userErrors } = await post(company, zoe, { text, clientMessageId });
      equal([message?.text === text, userErrors], [true, []], `${[...text].length} code points`);
    }
  });
  await step(
    'a clientMessageId has 1 to 100 code points, else INVALID with the field',
    async () => {
      for (const clientMessageId of ['', 'x'.repeat(101), '😀'.repeat(101)]) {
        const { message, userErrors } = await post(company, zoe, { text: 'a', clientMessageId });
        equal(
          [message, userErrors[0]?.code, userErrors[0]?.field],
          [null, 'INVALID', ['clientMessageId']],
          `${[...clientMessageId].length} code points`,
        );
      }
      for (const clientMessageId of ['x'.repeat(100), '😀'.repeat(100)]) {
        const { message } = await post(company, zoe, { text: 'a', clientMessageId });
        equal(message?.clientMessageId, clientMessageId, 'the id');
      }
    },
  );
  await step('times are RFC 3339, UTC, with milliseconds, and of now', async () => {
    for (const { sentAt } of await whole(company, zoe)) {
      holds(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(sentAt), `the form of ${sentAt}`);
      const age = Date.now() - Date.parse(sentAt);
      holds(age > -1000 && age < 60_000, `the age of ${sentAt}`);
    }
  });
}

/** @param {Company} company */
async function precedence(company) {
  const { kim } = company.people;
  const liveChatId = company.id();
  await step('INVALID by the arguments alone comes before KEY_REUSED and NOT_FOUND', async () => {
    const key = company.named('the key');
    await post(company, kim, { liveChatId, text: 'Once', clientMessageId: key });
    const invalid = { text: '', clientMessageId: key };
    equal(refusal(await post(company, kim, { liveChatId, ...invalid })), 'INVALID', 'a used key');
    const nowhere = { liveChatId: 'nonsense', ...invalid };
    equal(refusal(await post(company, kim, nowhere)), 'INVALID', 'in no live chat');
  });
  await step('KEY_REUSED comes before NOT_FOUND', async () => {
    const args = { liveChatId, text: 'First', clientMessageId: company.named('another key') };
    await post(company, kim, args);
    for (const replyToId of ['nonsense', kim.id]) {
      const changed = await post(company, kim, { ...args, replyToId });
      equal(refusal(changed), 'KEY_REUSED', `quoting ${replyToId}`);
    }
  });
  await step('a malformed id, and one of another thing, are NOT_FOUND', async () => {
    for (const id of ['', 'nonsense', kim.id, 'x'.repeat(5000)]) {
      const args = { text: 'Hello', clientMessageId: crypto.randomUUID() };
      const to = await post(company, kim, { ...args, liveChatId: id });
      equal([to.message, refusal(to)], [null, 'NOT_FOUND'], `to the live chat ${id.slice(0, 20)}`);
      const quoting = await post(company, kim, { ...args, liveChatId, replyToId: id });
      equal([quoting.message, refusal(quoting)], [null, 'NOT_FOUND'], `quoting ${id.slice(0, 20)}`);
    }
  });
}

/** @param {Company} company */
async function quotes(company) {
  const { ann } = company.people;
  const { visitor: zoe, session } = await company.arrival('Quoted', ann);
  const other = await company.visitor('Other');
  await step('a client quotes their own messages and the answers', async () => {
    await company.does(ann, 'sendMessage', {
      sessionId: session,
      text: 'An answer',
      clientMessageId: 'answer',
    });
    for (const { id } of await whole(company, zoe)) {
      const args = { text: 'Quoting', clientMessageId: id, replyToId: id };
      const { message, userErrors } = await post(company, zoe, args);
      equal([message?.replyTo?.id, userErrors], [id, []], 'what is quoted');
    }
  });
  await step("and neither another's message, nor a note", async () => {
    const { message: theirs } = await post(company, other, { text: 'Mine', clientMessageId: '1' });
    const note = await company.does(
      ann,
      'addNote',
      { sessionId: session, text: 'A note', clientMessageId: 'note' },
      'message { id }',
    );
    for (const id of [theirs.id, note.message.id]) {
      const args = { text: 'Quoting', clientMessageId: id, replyToId: id };
      const quoting = await post(company, zoe, args);
      equal([quoting.message, refusal(quoting)], [null, 'NOT_FOUND'], 'what is quoted');
    }
  });
}

/** @param {Company} company */
async function pages(company) {
  const zoe = await company.visitor('Paged');
  const texts = Array.from({ length: 7 }, (_, at) => `Page ${at + 1}`);
  for (const text of texts) await zoe.post(text);
  const read = async (/** @type {Record<string, unknown>} */ args) => {
    const list = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const { conversation } = await company.ask(
      zoe,
      `{ conversation { messages(${list.join(', ')}) { nodes { text } edges { cursor node { text } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
    );
    return conversation.messages;
  };
  const shown = (/** @type {any} */ page) => page.nodes.map((/** @type {any} */ one) => one.text);
  await step(
    'a conversation is paged forward and backward, without a double or a hole',
    async () => {
      equal(
        (await whole(company, zoe, 3)).map(({ text }) => text),
        texts,
        'forward',
      );
      const back = [];
      for (let before = undefined, more = true; more;) {
        const page = await read({ last: 3, ...(before ? { before } : {}) });
        back.unshift(...shown(page));
        ({ hasPreviousPage: more, startCursor: before } = page.pageInfo);
      }
      equal(back, texts, 'backward');
    },
  );
  await step('page info and edges say where a page stands', async () => {
    const first = await read({ first: 2 });
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = first.pageInfo;
    equal([hasNextPage, hasPreviousPage], [true, false], 'the first page');
    const cursors = first.edges.map((/** @type {any} */ { cursor }) => cursor);
    equal([startCursor, endCursor], cursors, 'its cursors');
    equal(
      first.edges.map((/** @type {any} */ { node }) => node.text),
      shown(first),
      'edges and nodes',
    );
    const last = await read({ last: 2 });
    equal(
      [last.pageInfo.hasNextPage, last.pageInfo.hasPreviousPage],
      [false, true],
      'the last page',
    );
    equal(shown(await read({ first: 2, after: endCursor })), ['Page 3', 'Page 4'], 'the second');
  });
  await step('first or last is needed, 1 to 100, else BAD_USER_INPUT', async () => {
    for (const args of [
      '',
      '(first: 0)',
      '(first: 101)',
      '(last: 0)',
      '(last: 101)',
      '(first: -1)',
    ])
      equal(
        await codes(
          company.origin,
          zoe.token,
          `{ conversation { messages${args} { nodes { id } } } }`,
        ),
        ['BAD_USER_INPUT'],
        `messages${args}`,
      );
    const bad = '{ conversation { messages(first: 1, after: "nonsense!") { nodes { id } } } }';
    equal(await codes(company.origin, zoe.token, bad), ['BAD_USER_INPUT'], 'a malformed cursor');
    equal(shown(await read({ first: 100 })), texts, 'first: 100');
    equal(shown(await read({ last: 100 })), texts, 'last: 100');
  });
}

/** @param {Company} company */
async function pushed(company) {
  const { ann, kim } = company.people;
  const { visitor: zoe, session } = await company.arrival('Pushed', ann);
  for (const text of ['Two', 'Three']) await zoe.post(text);
  const on = (/** @type {Record<string, unknown>} */ variables) =>
    listen(zoe.line, 'conversationMessages', { query: ON_CONVERSATION, variables });
  await step('conversationMessages brings all after afterSeq in order, then live', async () => {
    const after = on({ afterSeq: 1 });
    await after.next('the last that stood there', ({ text }) => text === 'Three');
    await company.does(ann, 'sendMessage', {
      sessionId: session,
      text: 'Four',
      clientMessageId: 'four',
    });
    const four = await after.next('the answer', ({ text }) => text === 'Four');
    equal([four.author.name, four.author.viewerIsAuthor], ['Ann', false], 'its author');
    const seqs = [...new Map(after.all.map((one) => [one.seq, one.text]))];
    equal(
      seqs,
      [
        [2, 'Two'],
        [3, 'Three'],
        [4, 'Four'],
      ],
      'what came',
    );
  });
  await step('without afterSeq it brings what comes from now on', async () => {
    const live = on({});
    const marker = on({ afterSeq: 0 });
    await marker.next('all until now', ({ text }) => text === 'Four');
    // Posted until the subscription stands, which nothing acknowledges.
    await eventually('a live message', () => live.all.some(({ text }) => text === 'Live'), {
      again: () => zoe.post('Live'),
      everyMs: 500,
    });
    // The entry before it may still have been on its way; none that is older is.
    const came = new Set(live.all.map(({ text }) => text));
    came.delete('Four');
    equal(came, new Set(['Live']), 'what came');
  });
  await step('it goes on over the close of a session, in the next one', async () => {
    const all = follow(zoe.line, 'all', ON_CONVERSATION, { afterSeq: 0 });
    await company.does(ann, 'closeSession', { sessionId: session });
    await zoe.post('A new request');
    await all.next('the new request', ({ text }) => text === 'A new request');
    equal([all.error, all.isComplete], [undefined, false], 'the subscription');
  });
  await step('an internal client names the live chat', async () => {
    const args = { liveChatId: company.id(), text: 'From inside' };
    await post(company, kim, { ...args, clientMessageId: company.named('inside') });
    const variables = { liveChatId: company.id(), afterSeq: 0 };
    const all = listen(kim.line, "kim's messages", { query: ON_CONVERSATION, variables });
    await all.next('her message', ({ text }) => text === 'From inside');
  });
}
