// @ts-check
// Who a client is: one identity in one channel of one live chat.

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
    await identity(company);
    await insiders(company);
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
