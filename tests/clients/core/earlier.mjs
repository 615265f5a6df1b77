// @ts-check
// A client who wrote before: a new session, under the whole earlier history.

import { Company } from '../lib/company.mjs';
import { equal } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

const SESSION = `query ($id: ID!) { node(id: $id) { ... on Session {
  id name state isNew unreadCount firstMessageAt lastMessageAt closedAt operator { name }
  client { id name isInternal employee { name } } channel { kind } liveChat { id }
  messages(first: 100) { nodes { seq kind text sentAt session { id } } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] },
  });
  try {
    await company.online();
    await history(company);
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
