// @ts-check
// Lengths are counted in Unicode code points: what is of two UTF-16 units and four bytes counts once.

import * as desk from '../lib/mutations.mjs';
import * as admin from '../lib/administration.mjs';
import { ON_CONVERSATION } from '../lib/documents.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Person } from '../lib/person.mjs';
import { Office } from '../lib/office.mjs';
import { follow } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** One code point, two units of UTF-16, four bytes of UTF-8. */
const LETTER = '𐐷';

/**
 * @typedef {object} Bounded an argument
 * @property {Person} who gives it
 * @property {string} document
 * @property {Record<string, unknown>} variables the others
 * @property {string} variable
 * @property {string} field the argument's name
 * @property {number} most
 */

/** @param {string} origin */
export async function play(origin) {
  const members = { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] };
  const office = await Office.set(origin, /** @type {any} */ ({ Desk: members }));
  const { ann } = office.people;
  const zoe = await office.company.visitor('Zoe');
  const client = new Person(origin, 'Zoe', zoe.token);
  const key = () => crypto.randomUUID();
  const text = { variable: 'text', field: 'text', most: 8000 };
  const clientKey = { variable: 'key', field: 'clientMessageId', most: 100 };

  const id = await office.taken('Olga', ann);
  const send = { who: ann, document: desk.SEND, variables: { id, key: key(), text: 'Hello' } };
  await bounded('a message of an operator', { ...send, ...text });
  await bounded('its clientMessageId', { ...send, ...clientKey });
  const noted = await office.taken('Vera', ann);
  const note = { who: ann, document: desk.NOTE, variables: { id: noted, key: key(), text: 'Hm' } };
  await bounded('a note', { ...note, ...text });
  await bounded('its clientMessageId', { ...note, ...clientKey });
  const post = { who: client, document: desk.POST, variables: { key: key(), text: 'Hello' } };
  await bounded('a message of a client', { ...post, ...text });
  await bounded('its clientMessageId', { ...post, ...clientKey });

  await names(office, id);
  await comments(office);
  await webhooks(office);
  await pushed(zoe);
  await office.end();
}

/**
 * The longest is good; the empty one and one longer are INVALID, and the error names the argument.
 * @param {string} what
 * @param {Bounded} bounded
 */
async function bounded(what, { who, document, variables, variable, field, most }) {
  const fresh = 'key' in variables && variable !== 'key' ? { key: crypto.randomUUID() } : {};

  await step(`${what} may have ${most} code points`, async () => {
    await who.act(document, { ...variables, ...fresh, [variable]: LETTER.repeat(most) });
  });

  await step(`${what} of ${most + 1} code points is INVALID`, async () => {
    const long = { ...variables, key: crypto.randomUUID(), [variable]: LETTER.repeat(most + 1) };
    equal(await who.refusal(document, long), { code: 'INVALID', field: [field] }, 'the refusal');
  });

  await step(`${what} of none is INVALID`, async () => {
    const empty = { ...variables, key: crypto.randomUUID(), [variable]: '' };
    equal(await who.refusal(document, empty), { code: 'INVALID', field: [field] }, 'the refusal');
  });
}

/**
 * @param {Office} office
 * @param {string} session
 */
async function names(office, session) {
  const { ann, ada } = office.people;
  const id = office.id();
  const app = await office.app('Accounts', 'ACCOUNT');
  const name = { variable: 'name', field: 'name', most: 200 };
  const title = { variable: 'title', field: 'title', most: 200 };
  const renaming = { document: desk.RENAME, variables: { id: session } };
  await bounded('a session’s name', { who: ann, ...renaming, ...name });
  const binding = { document: desk.CREATE_AND_BIND, variables: { id: session, app } };
  await bounded('an item’s title', { who: ann, ...binding, ...title });
  const creating = { document: admin.CREATE_LIVE_CHAT, variables: {} };
  await bounded('a live chat’s name', { who: ada, ...creating, ...name });
  const anew = { document: admin.RENAME_LIVE_CHAT, variables: { id } };
  await bounded('a live chat’s new name', { who: ada, ...anew, ...name });
  await bounded('a channel’s name', {
    who: ada,
    document: admin.CREATE_CHANNEL,
    variables: { id },
    ...name,
  });
  await bounded('an app’s name', {
    who: ada,
    document: admin.CREATE_APP,
    variables: { kind: 'REQUEST' },
    ...name,
  });
  await bounded('a template’s title', {
    who: ada,
    document: admin.CREATE_TEMPLATE,
    variables: { id, text: 'Hello' },
    ...title,
  });
  await bounded('a template’s text', {
    who: ada,
    document: admin.CREATE_TEMPLATE,
    variables: { id, title: 'Long' },
    ...{ variable: 'text', field: 'text', most: 8000 },
  });
  await bounded('a template of sessions’ names', {
    who: ada,
    document: admin.SET_TEMPLATE,
    variables: { id },
    ...{ variable: 'template', field: 'template', most: 200 },
  });

  await step('what has the longest name is read with all of it', async () => {
    const { viewer } = await ann.read('query ($id: ID!) { viewer { session(id: $id) { name } } }', {
      id: session,
    });
    equal(viewer.session.name, LETTER.repeat(200), 'the session’s name');
  });
}

/** @param {Office} office */
async function comments(office) {
  const { ann, bob } = office.people;
  const ids = { ann: office.company.people.ann.id, bob: office.company.people.bob.id };
  const id = await office.taken('Max', ann);

  await step('the comment of an assignment may have 1000 code points', async () => {
    await ann.act(desk.ASSIGN, { id, to: ids.bob, comment: LETTER.repeat(1000) });
  });

  await step('the comment of an assignment of 1001 is INVALID', async () => {
    const assign = { id, to: ids.ann, comment: LETTER.repeat(1001) };
    const expected = { code: 'INVALID', field: ['comment'] };
    equal(await bob.refusal(desk.ASSIGN, assign), expected, 'the refusal');
  });

  await step('the comment of a return of 1001 is INVALID', async () => {
    const expected = { code: 'INVALID', field: ['comment'] };
    const comment = LETTER.repeat(1001);
    equal(await bob.refusal(desk.RETURN, { id, comment }), expected, 'the refusal');
  });

  await step('the comment of a return may have 1000 code points', async () => {
    await bob.act(desk.RETURN, { id, comment: LETTER.repeat(1000) });
  });
}

/** @param {Office} office */
async function webhooks(office) {
  const deliver = await office.company.webhook();
  const message = (/** @type {string} */ messageId, /** @type {string} */ text) => ({
    messageId,
    from: { id: crypto.randomUUID(), name: 'Webhook' },
    text,
  });

  await step('a messageId and a text of a webhook may have 100 and 8000 code points', async () => {
    const longest = message(LETTER.repeat(100), LETTER.repeat(8000));
    equal((await deliver(longest)).status, 200, 'the status');
  });

  await step('a messageId of 101, or of none, is refused', async () => {
    for (const id of [LETTER.repeat(101), '']) {
      const { status } = await deliver(message(id, 'Never seen'));
      holds(status >= 400 && status < 500, `the status ${status}`);
    }
  });

  await step('a text of 8001, or of none, is refused', async () => {
    for (const text of [LETTER.repeat(8001), '']) {
      const { status } = await deliver(message(crypto.randomUUID(), text));
      holds(status >= 400 && status < 500, `the status ${status}`);
    }
  });

  await step('what was refused opened no session', async () => {
    const { viewer } = await office.people.sue.read(
      `query ($id: ID!) { viewer { liveChat(id: $id) { sessions(group: QUEUE, first: 100) {
        nodes { client { name } }
      } } } }`,
      { id: office.id() },
    );
    /** @type {{ nodes: any[] }} */
    const { nodes } = viewer.liveChat.sessions;
    equal(nodes.filter(({ client }) => client.name === 'Webhook').length, 1, 'how many are there');
  });
}

/** @param {import('../lib/people.mjs').Visitor} zoe */
async function pushed(zoe) {
  await step('a message of 8000 code points is pushed whole', async () => {
    const heard = follow(zoe.line, 'Zoe’s messages', ON_CONVERSATION, { afterSeq: 0 });
    const text = `${LETTER.repeat(7999)}!`;
    await zoe.post(text);
    equal((await heard.next('it', (one) => one.text.endsWith('!'))).text, text, 'its text');
  });
}
