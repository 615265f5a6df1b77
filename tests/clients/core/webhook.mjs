// @ts-check
// A channel that delivers at least once and out of order.

import { createHmac } from 'node:crypto';

import { Company } from '../lib/company.mjs';
import { DEADLINE_MS, equal, eventually, holds } from '../lib/expect.mjs';
import { ask, codes } from '../lib/request.mjs';
import { step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

const DIALOG = `query ($id: ID!) { node(id: $id) { ... on Session {
  state unreadCount messages(first: 100) { nodes { seq kind text sentAt } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  try {
    await company.online();
    await again(company);
    await concurrently(company);
    await later(company);
    await disordered(company);
    await many(company);
    await signed(company);
    await bounds(company);
    await paths(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {string} name of who writes
 */
async function channel(company, name) {
  const { ann, sue } = company.people;
  const post = await company.webhook();
  const from = { id: company.named(name), name: company.named(name) };
  return {
    /** @type {(messageId: string, text: string, sentAt?: string) => ReturnType<typeof post>} */
    send: (messageId, text, sentAt) => post({ messageId, from, text, ...(sentAt && { sentAt }) }),
    session: () => company.waiting(ann, from.name),
    /** @type {(id: string) => Promise<any>} */
    look: async (id) => (await company.ask(sue, DIALOG, { id })).node,
    sessions: async () =>
      (await company.group(sue, 'ACTIVE', undefined, 'client { name }')).filter(
        ({ client }) => client.name === from.name,
      ).length,
  };
}

/** @param {Company} company */
async function again(company) {
  const { ann, sue } = company.people;
  await step('the same external message id never shows twice and never counts twice', async () => {
    const { send, session, look } = await channel(company, 'Again');
    equal((await send('1', 'Once')).status, 200, 'the first time');
    const id = await session();
    const before = await counters(company);
    for (const text of ['Once', 'Once', 'Changed']) {
      equal((await send('1', text)).status, 200, `again, with the text ${text}`);
    }
    const { unreadCount, messages } = await look(id);
    equal(
      [unreadCount, messages.nodes.map((/** @type {any} */ { text }) => text)],
      [1, ['Once']],
      'the session',
    );
    equal(await counters(company), before, 'the counters, versions included');
    const alerts = [ann, sue].flatMap((who) =>
      who.alerts.all.filter(({ session: of, kind }) => of.id === id && kind === 'NEW_MESSAGE'),
    );
    equal(alerts, [], 'further alerts');
  });
}

/**
 * @param {Company} company
 * @returns {Promise<any[]>}
 */
const counters = ({ people, origin }) =>
  Promise.all(
    [people.ann, people.sue].map(async ({ token }) => {
      const query = `{ viewer { counters { version workspaceBadge unreadSessions unassignedSessions queue } } }`;
      return (await ask(origin, token, query)).viewer.counters;
    }),
  );

/** @param {Company} company */
async function concurrently(company) {
  const TIMES = 30;
  await step('30 deliveries of one message at once are one message, in one session', async () => {
    const { send, session, look } = await channel(company, 'Concurrent');
    const [before] = await counters(company);
    const answers = await Promise.all(Array.from({ length: TIMES }, () => send('1', 'Once')));
    equal(new Set(answers.map(({ status }) => status)), new Set([200]), 'the statuses');
    const { unreadCount, messages } = await look(await session());
    equal([unreadCount, messages.nodes.length], [1, 1], 'the session');
    const [after] = await counters(company);
    equal(after.queue, before.queue + 1, 'the blue counter');
  });
  await step('… and so are repetitions of several messages, mixed', async () => {
    const { send, session, look } = await channel(company, 'Mixed');
    await send('0', 'Message 0');
    const id = await session();
    const all = Array.from({ length: TIMES }, (_, at) => at % 5);
    const answers = await Promise.all(all.map((at) => send(`${at}`, `Message ${at}`)));
    equal(new Set(answers.map(({ status }) => status)), new Set([200]), 'the statuses');
    const { unreadCount, messages } = await look(id);
    const seqs = messages.nodes.map((/** @type {any} */ { seq }) => seq);
    equal([unreadCount, seqs], [5, [1, 2, 3, 4, 5]], 'the session');
    const texts = messages.nodes.map((/** @type {any} */ { text }) => text).toSorted();
    equal(
      texts,
      [0, 1, 2, 3, 4].map((at) => `Message ${at}`),
      'the texts, each once',
    );
  });
}

/** @param {Company} company */
async function later(company) {
  const { ann } = company.people;
  await step(
    'a message delivered again later changes nothing, in whatever state it is',
    async () => {
      const { send, session, look, sessions } = await channel(company, 'Later');
      await send('1', 'One');
      const sessionId = await session();
      await send('2', 'Two');
      await send('1', 'One');
      equal((await look(sessionId)).unreadCount, 2, 'unread while it waits');
      await company.does(ann, 'claimSession', { sessionId });
      await company.does(ann, 'markSessionRead', { sessionId, upToSeq: 2 });
      const before = await counters(company);
      equal((await send('1', 'One')).status, 200, 'the status while it is assigned');
      const assigned = await look(sessionId);
      equal([assigned.state, assigned.unreadCount], ['ASSIGNED', 0], 'while it is assigned');
      equal(await counters(company), before, 'the counters');
      await company.does(ann, 'closeSession', { sessionId });
      for (const [id, text] of [
        ['1', 'One'],
        ['2', 'Two'],
      ]) {
        equal((await send(id, text)).status, 200, 'the status after the close');
      }
      equal(await sessions(), 0, 'how many open sessions a repetition leaves');
      const closed = await look(sessionId);
      const written = closed.messages.nodes.filter(
        (/** @type {any} */ { kind }) => kind === 'CLIENT',
      );
      equal([closed.state, written.length], ['CLOSED', 2], 'after the close');
    },
  );
  await step('nor when a newer session is open', async () => {
    const { send, session, look } = await channel(company, 'Newer');
    await send('1', 'One');
    const sessionId = await session();
    await company.does(ann, 'claimSession', { sessionId });
    await company.does(ann, 'closeSession', { sessionId });
    await send('2', 'Two');
    const newer = await session();
    await send('1', 'One');
    const { unreadCount, messages } = await look(newer);
    const last = messages.nodes.at(-1);
    equal([unreadCount, last.text], [1, 'Two'], 'the newer one');
  });
}

/** @param {Company} company */
async function disordered(company) {
  await step('messages out of order are all taken, each once, with their own times', async () => {
    const { send, session, look } = await channel(company, 'Disordered');
    const times = ['12:00:03', '12:00:01', '12:00:02'].map((time) => `2026-01-02T${time}.000Z`);
    for (const [at, time] of times.entries()) {
      equal((await send(`${at}`, time, time)).status, 200, 'the status');
    }
    for (const [at, time] of times.entries()) await send(`${at}`, time, time);
    const { unreadCount, messages } = await look(await session());
    equal(unreadCount, 3, 'unread');
    equal(
      messages.nodes.map((/** @type {any} */ { seq, text, sentAt }) => [seq, text, sentAt]),
      times.map((time, at) => [at + 1, time, time]),
      'the dialog, in the order of arrival',
    );
  });
}

/** @param {Company} company */
async function many(company) {
  const MESSAGES = 30;
  await step('what is refused for now (429, 503) is there once when it comes again', async () => {
    const { send, session, look } = await channel(company, 'Many');
    let open = Array.from({ length: MESSAGES }, (_, at) => `Message ${at}`);
    const round = async () => {
      const answers = await Promise.all(open.map((id) => send(id, id)));
      for (const { status } of answers) holds([200, 429, 503].includes(status), `${status}`);
      open = open.filter((_, at) => answers[at].status !== 200);
      return open.length === 0;
    };
    await eventually('all are taken', round, { deadlineMs: 40_000 });
    const { unreadCount, messages } = await look(await session());
    const texts = messages.nodes.map((/** @type {any} */ { text }) => text);
    equal(
      [unreadCount, new Set(texts).size, texts.length],
      [MESSAGES, MESSAGES, MESSAGES],
      'counts',
    );
  });
}

/** @param {Company} company */
async function signed(company) {
  const { ann } = company.people;
  const hook = await company.ada.createWebhook(company.id(), company.named('Signed'));
  const last = hook.path.slice(hook.path.lastIndexOf('/') + 1);
  const from = { id: company.named('signed'), name: company.named('Signed') };
  const message = { messageId: '1', from, text: 'Hello' };
  await step('only what is signed with the secret of the channel is taken', async () => {
    const wrong = await deliver(company.origin, last, message, 'another');
    const nowhere = await deliver(company.origin, `${last}x`, message, hook.secret);
    const unsigned = await fetch(`${company.origin}${hook.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    equal([wrong.status, nowhere.status, unsigned.status], [401, 401, 401], 'the statuses');
    const waits = await company.group(ann, 'QUEUE', undefined, 'client { name }');
    equal(
      waits.filter(({ client }) => client.name === from.name),
      [],
      'what came in',
    );
    equal((await deliver(company.origin, last, message, hook.secret)).status, 200, 'the right one');
    await company.waiting(ann, from.name);
  });
  await step('a secret that was rotated is good no more, the new one is', async () => {
    const { secret } = await company.ada.act(
      `mutation ($id: ID!) { rotateChannelSecret(channelId: $id) {
        channel { id } secret userErrors { code }
      } }`,
      { id: hook.id },
    );
    const next = { ...message, messageId: '2' };
    equal((await deliver(company.origin, last, next, hook.secret)).status, 401, 'the old one');
    equal((await deliver(company.origin, last, next, secret)).status, 200, 'the new one');
  });
}

/** @param {Company} company */
async function bounds(company) {
  const { ann } = company.people;
  const hook = await company.ada.createWebhook(company.id(), company.named('Bounds'));
  const post = async (/** @type {string} */ body) => {
    const signature = createHmac('sha256', hook.secret).update(body).digest('hex');
    const answer = await fetch(`${company.origin}${hook.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` },
      body,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await answer.text();
    return answer.status;
  };
  const from = { id: company.named('bounds'), name: company.named('Bounds') };
  const good = { messageId: 'good', from, text: 'Good' };
  await step(
    'what is out of bounds or malformed is refused, and nothing of it is kept',
    async () => {
      for (const bad of [
        { text: '' },
        { text: 'x'.repeat(8001) },
        { messageId: '' },
        { messageId: 'x'.repeat(101) },
        { from: { id: '' } },
        { from: undefined },
        { text: undefined },
        { messageId: 7 },
      ]) {
        const status = await post(JSON.stringify({ ...good, ...bad }));
        equal(status, 400, `the status of ${JSON.stringify(bad).slice(0, 60)}`);
      }
      for (const body of ['', 'nonsense', '[]', 'null', '{"messageId":']) {
        equal(await post(body), 400, `the status of ${body}`);
      }
      const all = await company.group(ann, 'QUEUE', undefined, 'client { name }');
      holds(!all.some(({ client }) => client.name === from.name), 'nothing waits');
    },
  );
  await step('a messageId of 100 and a text of 8000 code points are taken', async () => {
    const longest = { ...good, messageId: '😀'.repeat(100), text: '😀'.repeat(8000) };
    equal(await post(JSON.stringify(longest)), 200, 'the status');
    await company.waiting(ann, from.name);
  });
}

/** @param {Company} company */
async function paths(company) {
  const { ann, sue } = company.people;
  await step('where a webhook posts is for administrators; its last part is unique', async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on LiveChat { channels { kind inboundPath } } } }`;
    const of = async (/** @type {{ token: string }} */ who) => {
      const { node } = await company.ask(who, query, { id: company.id() });
      return node.channels
        .filter((/** @type {any} */ { kind }) => kind === 'WEBHOOK')
        .map((/** @type {any} */ { inboundPath }) => inboundPath);
    };
    const paths = await of(company.ada);
    holds(
      paths.every((/** @type {string} */ path) => path?.startsWith('/channels/webhook/')),
      `paths for ada: ${paths}`,
    );
    equal(new Set(paths).size, paths.length, 'how many there are');
    for (const who of [ann, sue]) equal([...new Set(await of(who))], [null], `for ${who.as}`);
  });
  await step('a webhook channel is made by administrators only', async () => {
    const text = `mutation { createChannel(liveChatId: "${company.id()}", kind: WEBHOOK, name: "x") {
      channel { id } secret userErrors { code } } }`;
    for (const who of [ann, sue]) {
      const { createChannel } = await company.ask(who, text);
      equal(
        [createChannel.channel, createChannel.secret, createChannel.userErrors],
        [null, null, [{ code: 'FORBIDDEN' }]],
        who.as,
      );
    }
    const [zoe] = [await company.visitor('Zoe')];
    equal(await codes(company.origin, zoe.token, text), ['FORBIDDEN'], 'a client');
  });
}
