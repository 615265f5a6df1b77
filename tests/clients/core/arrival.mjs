// @ts-check
// What a client's message does: it opens a session, or is added to the open one.

import { Company } from '../lib/company.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

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
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
    shop: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  try {
    await company.online();
    await opened(company);
    await named(company);
    await added(company);
    await instant(company);
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
