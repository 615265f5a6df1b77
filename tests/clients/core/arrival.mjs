// @ts-check
// What a client's message does: whose it is, which session it comes into, and what stands above it.

import { Company } from '../lib/company.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Visitor} Visitor */

const SESSION = `query ($id: ID!) { node(id: $id) { ... on Session {
  id name state isNew unreadCount firstMessageAt lastMessageAt closedAt operator { name }
  client { id name isInternal employee { name } } channel { kind } liveChat { id }
  messages(first: 100) { nodes { seq kind text sentAt session { id } } }
} } }`;

const COUNTERS = `{ viewer { counters {
  version workspaceBadge unreadSessions unassignedSessions queue liveChats { id queueCount }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    {
      desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
      shop: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
    },
    ['kim'],
  );
  try {
    await company.online();
    await opened(company);
    await named(company);
    await added(company);
    await instant(company);
    await identity(company);
    await insiders(company);
    await history(company);
    await together(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {string} id
 * @param {{ token: string }} [who] sue, if not said
 * @returns {Promise<any>}
 */
const look = async (company, id, who = company.people.sue) =>
  (await company.ask(who, SESSION, { id })).node;

/**
 * @param {any[]} entries
 * @returns {string[]}
 */
const texts = (entries) => entries.map(({ text }) => text);

/** @param {Company} company */
async function opened(company) {
  const { ann } = company.people;
  await step('with no open session a message opens a new one, unassigned', async () => {
    const { visitor, session } = await company.arrival('Zoe', ann);
    const one = await look(company, session);
    equal(
      [one.state, one.isNew, one.operator, one.unreadCount, one.closedAt],
      ['QUEUED', true, null, 1, null],
      'the session',
    );
    equal([one.client.name, one.liveChat.id], [visitor.name, company.id()], 'whose, and where');
    equal(
      one.messages.nodes.map((/** @type {any} */ m) => [m.seq, m.kind, m.text, m.session.id]),
      [[1, 'CLIENT', 'I am Zoe', session]],
      'its messages',
    );
  });
}

/** @param {Company} company */
async function named(company) {
  const { ann } = company.people;
  await step("by default it is named as the client's display name", async () => {
    const { visitor, session } = await company.arrival('By default', ann);
    equal((await look(company, session)).name, visitor.name, 'the name');
  });
  await step(
    "it is named from the live chat's template: client, live chat, channel, date",
    async () => {
      const today = () => new Date().toISOString().slice(0, 10);
      await company.ada.setSessionNameTemplate(
        company.id('shop'),
        '<{client}> in <{liveChat}> by <{channel}> on <{date}>',
      );
      const visitor = await company.visitor('By template', 'shop');
      const before = today();
      await visitor.post('Hello');
      const { viewer } = await company.ask(
        ann,
        'query ($id: ID!) { viewer { liveChat(id: $id) { channels { kind name } } } }',
        { id: company.id('shop') },
      );
      const web = viewer.liveChat.channels.find((/** @type {any} */ { kind }) => kind === 'WEB');
      const session = await look(company, await company.waiting(ann, visitor.name, 'shop'));
      const parts = /^<(.*)> in <(.*)> by <(.*)> on <(.*)>$/.exec(session.name) ?? [];
      equal(
        parts.slice(1, 4),
        [visitor.name, company.liveChats.shop.name, web.name],
        'client, live chat and channel',
      );
      holds([before, today()].includes(parts[4]), `${parts[4]} is the date of today`);
    },
  );
  await step('a template that changes leaves the names there are', async () => {
    const { session } = await company.arrival('Named before', ann, 'shop');
    const { name } = await look(company, session);
    await company.ada.setSessionNameTemplate(company.id('shop'), 'Request of {client}');
    equal((await look(company, session)).name, name, 'the name');
    const { visitor, session: next } = await company.arrival('Named after', ann, 'shop');
    equal((await look(company, next)).name, `Request of ${visitor.name}`, 'the next name');
  });
}

/** @param {Company} company */
async function added(company) {
  const { ann } = company.people;
  await step('with an open session the message is added to it: a queued one', async () => {
    const { visitor, session } = await company.arrival('Adds', ann);
    await visitor.post('Second');
    equal(await company.waiting(ann, visitor.name), session, 'the one that waits');
    const one = await look(company, session);
    equal([one.state, one.unreadCount], ['QUEUED', 2], 'the session');
    equal(texts(one.messages.nodes), ['I am Adds', 'Second'], 'its messages');
  });
  await step('… and an assigned one, which stays assigned', async () => {
    const { visitor, session } = await company.arrival('Adds more', ann);
    await company.does(ann, 'claimSession', { sessionId: session });
    await visitor.post('Third');
    const one = await look(company, session);
    equal([one.state, one.operator?.name], ['ASSIGNED', 'Ann'], 'the session');
    equal(one.messages.nodes.at(-1).text, 'Third', 'its last message');
    equal(
      (await company.group(ann, 'QUEUE', undefined, 'client { name }')).filter(
        ({ client }) => client.name === visitor.name,
      ),
      [],
      'what waits of the client',
    );
  });
}

/** @param {Company} company */
async function instant(company) {
  const { ann, sue } = company.people;
  await step('a message raises the counters in the same instant', async () => {
    for (let round = 0; round < 5; round += 1) {
      const before = await Promise.all([ann, sue].map((who) => company.ask(who, COUNTERS)));
      const visitor = await company.visitor(`Counts ${round}`);
      await visitor.post('Hello');
      const after = await Promise.all([ann, sue].map((who) => company.ask(who, COUNTERS)));
      const [annBefore, sueBefore, annNow, sueNow] = [...before, ...after].map(
        ({ viewer }) => viewer.counters,
      );
      equal(annNow.queue, annBefore.queue + 1, "ann's blue counter, when zoe has her answer");
      equal(
        sueNow.unassignedSessions,
        sueBefore.unassignedSessions + 1,
        "sue's unassigned sessions, when zoe has her answer",
      );
    }
  });
  await step('whoever is alerted of it finds it counted and listed', async () => {
    const visitor = await company.visitor('Alerts');
    const before = (await company.ask(ann, COUNTERS)).viewer.counters.queue;
    const posted = visitor.post('Hello');
    await ann.alerts.next('NEW_SESSION', ({ session }) => session.client.name === visitor.name);
    equal((await company.ask(ann, COUNTERS)).viewer.counters.queue, before + 1, 'the blue counter');
    await company.waiting(ann, visitor.name);
    await posted;
  });
}

/** @param {Company} company */
async function identity(company) {
  const { ann, sue } = company.people;
  /** Sessions of a name that wait in the desk. */
  const waits = async (/** @type {string} */ name) =>
    (await company.group(ann, 'QUEUE', undefined, 'client { id name } channel { id kind }')).filter(
      ({ client }) => client.name === name,
    );
  await step(
    'a client is one identity in one channel: the same id in two channels is two',
    async () => {
      const [first, second] = [await company.webhook(), await company.webhook()];
      const from = { id: company.named('id'), name: company.named('In two channels') };
      for (const post of [first, second]) {
        const { status } = await post({ messageId: '1', from, text: 'Hello' });
        equal(status, 200, 'the status');
      }
      const both = await waits(from.name);
      equal(new Set(both.map(({ client }) => client.id)).size, 2, 'how many clients there are');
      equal(new Set(both.map(({ channel }) => channel.id)).size, 2, 'by how many channels');
      await first({ messageId: '2', from, text: 'Again' });
      equal((await waits(from.name)).length, 2, 'how many sessions the next message leaves');
    },
  );
  await step('an id of one channel is one client, whatever their name', async () => {
    const post = await company.webhook();
    const id = company.named('renamed');
    await post({ messageId: '1', from: { id, name: company.named('Before') }, text: 'One' });
    await post({ messageId: '2', from: { id, name: company.named('After') }, text: 'Two' });
    const all = await company.group(ann, 'QUEUE', undefined, 'client { name } unreadCount');
    const theirs = all.filter(({ client }) =>
      [company.named('Before'), company.named('After')].includes(client.name),
    );
    equal(
      theirs.map(({ unreadCount }) => unreadCount),
      [2],
      'their sessions',
    );
  });
  await step('two who share a name are two clients', async () => {
    const twins = [await company.visitor('Twin'), await company.visitor('Twin')];
    for (const one of twins) await one.post('Hello');
    const both = await waits(twins[0].name);
    equal(new Set(both.map(({ client }) => client.id)).size, 2, 'how many clients there are');
  });
  await step('an employee is one client in each live chat', async () => {
    const { kim } = company.people;
    const text = company.named('From inside');
    for (const liveChat of ['desk', 'shop']) {
      const args = { liveChatId: company.id(liveChat), text, clientMessageId: company.run };
      await company.does(kim, 'postMessage', args, 'message { seq }');
    }
    const ids = [];
    for (const liveChat of ['desk', 'shop']) {
      const id = await company.waiting(sue, 'Kim', liveChat);
      const one = await look(company, id);
      equal([one.client.isInternal, one.client.employee], [true, { name: 'Kim' }], 'the client');
      equal([one.channel.kind, texts(one.messages.nodes)], ['INTERNAL', [text]], 'the session');
      ids.push(one.client.id);
    }
    equal(new Set(ids).size, 2, 'how many clients kim is');
  });
}

/** @param {Company} company */
async function insiders(company) {
  const { ann, bob } = company.people;
  await step('an operator who writes as an internal client gets no special rule', async () => {
    const liveChatId = company.id();
    const text = company.named('Of an operator');
    await company.does(bob, 'postMessage', { liveChatId, text, clientMessageId: text });
    const session = await company.waiting(ann, 'Bob');
    equal(await company.waiting(bob, 'Bob'), session, 'what waits, for bob himself');
    equal(
      (await company.group(ann, 'QUEUE')).some(({ id }) => id === session),
      true,
      'it is listed',
    );
    await company.does(bob, 'claimSession', { sessionId: session });
    await company.does(bob, 'sendMessage', {
      sessionId: session,
      text: 'To myself',
      clientMessageId: '1',
    });
    const one = await look(company, session);
    equal([one.operator.name, one.client.name], ['Bob', 'Bob'], 'who answers whom');
    const { conversation } = await company.ask(
      bob,
      `query ($in: ID) { conversation(liveChatId: $in) { messages(first: 100) { nodes { text } } } }`,
      { in: liveChatId },
    );
    equal(texts(conversation.messages.nodes), [text, 'To myself'], 'the conversation');
  });
}

/** @param {Company} company */
async function history(company) {
  const { ann, bob, sue } = company.people;
  const { visitor, session: first } = await company.arrival('Comes back', ann);
  const sessions = [first];
  const had = [ann, bob, ann];
  await step('a client who wrote before gets a new session', async () => {
    for (const [at, who] of had.entries()) {
      await visitor.post(`Question ${at + 1}`);
      const sessionId = /** @type {string} */ (sessions.at(-1));
      const reply = { sessionId, text: `Answer ${at + 1}`, clientMessageId: `${at}` };
      await company.does(who, 'sendMessage', reply);
      await company.does(who, 'closeSession', { sessionId });
      await visitor.post(`Again ${at + 1}`);
      sessions.push(await company.waiting(ann, visitor.name));
    }
    equal(new Set(sessions).size, had.length + 1, 'how many sessions there are');
    const states = await Promise.all(sessions.map(async (id) => (await look(company, id)).state));
    equal(states, ['CLOSED', 'CLOSED', 'CLOSED', 'QUEUED'], 'their states');
  });
  const last = /** @type {string} */ (sessions.at(-1));
  await step(
    'the whole earlier history stands above it in the same dialog, whoever had it',
    async () => {
      for (const who of [ann, bob, sue]) {
        const { messages } = await look(company, last, who);
        const written = messages.nodes.filter((/** @type {any} */ { kind }) => kind !== 'EVENT');
        const expected = ['I am Comes back'];
        for (const at of [1, 2, 3]) expected.push(`Question ${at}`, `Answer ${at}`, `Again ${at}`);
        equal(texts(written), expected, `what ${who.as} reads`);
      }
    },
  );
  await step('it is continuously pageable, backward and forward', async () => {
    const whole = (await look(company, last)).messages.nodes;
    const seqs = whole.map((/** @type {any} */ { seq }) => seq);
    equal(
      seqs,
      [...seqs.keys()].map((at) => at + 1),
      'the numbers, dense from 1',
    );
    equal(await paged(company, last, 'backward'), seqs, 'backward');
    equal(await paged(company, last, 'forward'), seqs, 'forward');
  });
  await step(
    'the boundaries of sessions are marked: each message says which it is of',
    async () => {
      const whole = (await look(company, last)).messages.nodes;
      const order = whole
        .map((/** @type {any} */ { session }) => session.id)
        .filter(
          (/** @type {string} */ id, /** @type {number} */ at, /** @type {string[]} */ all) =>
            id !== all[at - 1],
        );
      equal(order, sessions, 'the sessions, in order, each in one piece');
      for (const { text, session } of whole) {
        const at = /^Again (\d)$/.exec(text)?.[1];
        if (at) equal(session.id, sessions[Number(at)], `the session of ${text}`);
      }
    },
  );
}

/**
 * The numbers of a dialog, read in pages of 3.
 * @param {Company} company
 * @param {string} id
 * @param {'backward' | 'forward'} way
 * @returns {Promise<number[]>}
 */
async function paged(company, id, way) {
  const back = way === 'backward';
  const query = `query ($id: ID!, $at: String) { node(id: $id) { ... on Session {
    messages(${back ? 'last: 3, before' : 'first: 3, after'}: $at) {
      nodes { seq } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  } } }`;
  /** @type {number[]} */
  const seqs = [];
  for (let at = null; ;) {
    /** @type {any} */
    const answer = await company.ask(company.people.sue, query, { id, at });
    const { nodes, pageInfo } = answer.node.messages;
    const page = nodes.map((/** @type {any} */ { seq }) => seq);
    if (back) seqs.unshift(...page);
    else seqs.push(...page);
    if (!(back ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return seqs;
    at = back ? pageInfo.startCursor : pageInfo.endCursor;
  }
}

/** @param {Company} company */
async function together(company) {
  const { ann, sue } = company.people;
  const MESSAGES = 8;
  /** Whether a client has one session that waits, with all the messages. */
  const one = async (/** @type {string} */ name) => {
    const id = await company.waiting(ann, name);
    const session = await look(company, id);
    equal([session.unreadCount, session.messages.nodes.length], [MESSAGES, MESSAGES], name);
    equal(
      session.messages.nodes.map((/** @type {any} */ { seq }) => seq),
      Array.from({ length: MESSAGES }, (_, at) => at + 1),
      'the numbers',
    );
  };
  const counted = async () => (await company.ask(sue, COUNTERS)).viewer.counters.unassignedSessions;
  await step('first messages of one client at the same time open one session', async () => {
    const visitors = await Promise.all(
      Array.from({ length: 6 }, (_, at) => company.visitor(`At once ${at}`)),
    );
    const before = await counted();
    await Promise.all(
      visitors.flatMap((visitor) =>
        Array.from({ length: MESSAGES }, (_, at) => visitor.post(`Message ${at}`)),
      ),
    );
    equal(await counted(), before + visitors.length, 'how many sessions are counted');
    for (const { name } of visitors) await one(name);
  });
  await step('30 times the same first message at once is one message, in one session', async () => {
    const visitor = await company.visitor('Repeats');
    const before = await counted();
    const posted = await Promise.all(
      Array.from({ length: 30 }, () => visitor.post('Once', 'the same key')),
    );
    equal(new Set(posted.map(({ id }) => id)).size, 1, 'how many messages are answered');
    equal(await counted(), before + 1, 'how many sessions are counted');
    const session = await look(company, await company.waiting(ann, visitor.name));
    equal([session.unreadCount, texts(session.messages.nodes)], [1, ['Once']], 'the session');
  });
  await step('two first messages by a webhook open one session too', async () => {
    const post = await company.webhook();
    const from = { id: company.named('at once'), name: company.named('Hooked at once') };
    const before = await counted();
    const answers = await Promise.all(
      Array.from({ length: MESSAGES }, (_, at) =>
        post({ messageId: `${at}`, from, text: `Message ${at}` }),
      ),
    );
    equal(new Set(answers.map(({ status }) => status)), new Set([200]), 'the statuses');
    equal(await counted(), before + 1, 'how many sessions are counted');
    await one(from.name);
  });
  await step('so do two after a close', async () => {
    const { visitor, session } = await company.arrival('After a close', ann);
    await company.does(sue, 'closeSession', { sessionId: session });
    const before = await counted();
    await Promise.all(Array.from({ length: MESSAGES }, (_, at) => visitor.post(`Message ${at}`)));
    equal(await counted(), before + 1, 'how many sessions are counted');
    const next = await look(company, await company.waiting(ann, visitor.name));
    equal([next.unreadCount, next.id === session], [MESSAGES, false], 'the new one');
  });
}
