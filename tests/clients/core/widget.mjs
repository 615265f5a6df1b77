// @ts-check
// How a web client comes in: POST /widget/token.

import { Company } from '../lib/company.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Visitor } from '../lib/people.mjs';
import { widgetToken } from '../lib/request.mjs';
import { step } from '../lib/steps.mjs';

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'] },
    shop: { ann: ['OPERATOR'] },
  });
  try {
    await tokens(company);
    await shown(company);
    await refused(company);
    await origins(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * A token, which has to be given.
 * @param {Company} company
 * @param {Record<string, string>} body beside the live chat
 * @returns {Promise<{ token: string, expiresAt: string }>}
 */
async function given(company, body) {
  const answer = await widgetToken(company.origin, { liveChatId: company.id(), ...body });
  equal(answer.status, 200, `the status of ${JSON.stringify(body).slice(0, 60)}`);
  return answer.body;
}

/**
 * The client of a name that waits, as the desk sees them.
 * @param {Company} company
 * @param {string} name
 * @returns {Promise<any>}
 */
async function client(company, name) {
  const { ann } = company.people;
  const selection = 'unreadCount client { id name isInternal contacts { kind value } }';
  const all = await company.group(ann, 'QUEUE', undefined, selection);
  const found = all.filter(({ client: { name: of } }) => of === name);
  equal(found.length, 1, `how many sessions of ${name} wait`);
  return { ...found[0].client, unreadCount: found[0].unreadCount };
}

/** @param {Company} company */
async function tokens(company) {
  await step('POST /widget/token gives a token and until when it is good', async () => {
    const { token, expiresAt } = await given(company, { name: company.named('Zoe') });
    holds(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(expiresAt), `the form of ${expiresAt}`);
    holds(Date.parse(expiresAt) > Date.now() + 60_000, 'it is good for some time');
    const { conversation } = await company.ask({ token }, '{ conversation { liveChat { id } } }');
    equal(conversation.liveChat.id, company.id(), 'the live chat it is for');
  });
  await step('with an old token it is the same client again', async () => {
    const name = company.named('Again');
    const first = await given(company, { name });
    await new Visitor(company.origin, name, first.token).post('Before');
    const second = await given(company, { token: first.token });
    await new Visitor(company.origin, name, second.token).post('After');
    const { conversation } = await company.ask(
      second,
      '{ conversation { messages(first: 10) { nodes { text author { viewerIsAuthor } } } } }',
    );
    equal(
      conversation.messages.nodes,
      ['Before', 'After'].map((text) => ({ text, author: { viewerIsAuthor: true } })),
      'the conversation',
    );
    equal((await client(company, name)).unreadCount, 2, 'unread in the one session');
  });
  await step('without one it is another client each time', async () => {
    const [first, second] = [await given(company, {}), await given(company, {})];
    await new Visitor(company.origin, 'nobody', first.token).post('Mine');
    const { conversation } = await company.ask(
      second,
      '{ conversation { messages(first: 10) { nodes { text } } } }',
    );
    equal(conversation.messages.nodes, [], 'the conversation of the second');
  });
}

/** @param {Company} company */
async function shown(company) {
  await step('name and e-mail are what the desk sees of the client', async () => {
    const name = company.named('Olga');
    const { token } = await given(company, { name, email: 'olga@example.org' });
    await new Visitor(company.origin, name, token).post('Hello');
    const { isInternal, contacts } = await client(company, name);
    equal(isInternal, false, 'internal');
    equal(contacts, [{ kind: 'email', value: 'olga@example.org' }], 'the contacts');
  });
  await step('a client without a name has one for the desk all the same', async () => {
    const { ann } = company.people;
    const { token } = await given(company, {});
    const text = company.named('Guess who');
    await new Visitor(company.origin, 'nobody', token).post(text);
    const all = await company.group(
      ann,
      'QUEUE',
      undefined,
      'name client { name } preview { text }',
    );
    const [session] = all.filter(({ preview }) => preview.text === text);
    holds(session?.client.name.trim() && session.name.trim(), `the name ${session?.client.name}`);
  });
}

/** @param {Company} company */
async function refused(company) {
  const { ann } = company.people;
  const status = async (/** @type {any} */ body) =>
    (await widgetToken(company.origin, body)).status;
  await step('a live chat that does not exist, and none, give no token', async () => {
    equal(await status({ liveChatId: 'nonsense' }), 404, 'nonsense');
    equal(await status({ liveChatId: ann.id }), 404, 'the id of an employee');
    equal(await status({}), 400, 'none');
  });
  await step('names are of 1 to 200 code points', async () => {
    const liveChatId = company.id();
    equal(await status({ liveChatId, name: '😀'.repeat(201) }), 400, '201');
    equal(await status({ liveChatId, name: '😀'.repeat(200) }), 200, '200');
  });
  await step('an old token of another live chat, or of an employee, is refused', async () => {
    const { token } = await given(company, { name: company.named('Elsewhere') });
    for (const old of [token, ann.token, 'nonsense']) {
      equal(await status({ liveChatId: company.id('shop'), token: old }), 401, 'the status');
    }
  });
  await step('a token that was changed is no token', async () => {
    const { token } = await given(company, { name: company.named('Forged') });
    const [head, claims, signature] = token.split('.');
    const forged = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const other = Buffer.from(JSON.stringify({ ...forged, sub: 'somebody else' }));
    const bad = [head, other.toString('base64url'), signature].join('.');
    equal(await status({ liveChatId: company.id(), token: bad }), 401, 'the status');
  });
}

/** @param {Company} company */
async function origins(company) {
  const liveChatId = company.id('shop');
  const allow = (/** @type {string[]} */ list) =>
    company.ada.act(
      `mutation ($id: ID!, $list: [String!]!) { setLiveChatOrigins(liveChatId: $id, origins: $list) {
        liveChat { id } userErrors { code field message }
      } }`,
      { id: liveChatId, list },
    );
  const status = async (/** @type {string} */ page) =>
    (await widgetToken(company.origin, { liveChatId }, { origin: page })).status;
  await step('pages that may carry the widget: any, while the list is empty', async () => {
    for (const page of ['https://shop.example', 'https://other.example']) {
      equal(await status(page), 200, page);
    }
  });
  await step('else those of the list, of this live chat', async () => {
    await allow(['https://shop.example']);
    equal(await status('https://shop.example'), 200, 'the one of the list');
    for (const page of [
      'https://other.example',
      'http://shop.example',
      'https://shop.example.evil',
    ]) {
      equal(await status(page), 403, page);
    }
    const other = { liveChatId: company.id('desk') };
    const answer = await widgetToken(company.origin, other, { origin: 'https://other.example' });
    equal(answer.status, 200, 'the other live chat');
  });
  await step('and any again, when the list is empty again', async () => {
    await allow([]);
    equal(await status('https://other.example'), 200, 'a page');
  });
}
