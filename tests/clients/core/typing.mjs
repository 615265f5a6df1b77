// @ts-check
// Typing, for both sides: never of oneself, for six seconds, at most once in three.

import * as desk from '../lib/mutations.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { Person } from '../lib/person.mjs';
import { line, listen } from '../lib/socket.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const ON_TYPING = `subscription ($id: ID!) {
  typing(sessionId: $id) { until actor { __typename name ... on Node { id } } }
}`;

const ON_CLIENT_TYPING = `subscription ($liveChatId: ID) {
  conversationTyping(liveChatId: $liveChatId) { name until }
}`;

const DIALOG = `query ($id: ID!) { viewer { session(id: $id) {
  version lastMessageAt messages(last: 1) { nodes { seq } }
} } }`;

/** @typedef {import('../lib/person.mjs').Person} Someone */
/** @typedef {import('../lib/inbox.mjs').Inbox<any>} Feed */

/** @param {number} ms */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long one is not told again, with something to spare. */
const PAUSE_MS = 3200;

class Feeds {
  /** @type {import('../lib/socket.mjs').Line[]} */
  #lines = [];

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /**
   * @param {Someone} who
   * @param {string} query
   * @param {Record<string, unknown>} variables
   */
  listen(who, query, variables) {
    const own = line(this.origin, who.token);
    this.#lines.push(own);
    return listen(own, `what ${who.as} hears of typing`, { query, variables });
  }

  close() {
    return Promise.all(this.#lines.map(({ client }) => client.dispose()));
  }
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    { Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim', 'eve', 'other/ann'],
  );
  const feeds = new Feeds(origin);
  const visitor = await office.company.visitor('Zoe');
  const zoe = new Person(origin, 'Zoe', visitor.token);
  const text = crypto.randomUUID();
  await zoe.act(desk.POST, { text, key: text });
  const id = await office.find(text);
  await office.people.ann.act(desk.CLAIM, { id });
  const heard = {
    ann: feeds.listen(office.people.ann, ON_TYPING, { id }),
    sue: feeds.listen(office.people.sue, ON_TYPING, { id }),
    zoe: feeds.listen(zoe, ON_CLIENT_TYPING, {}),
  };
  await operators(office, id, heard);
  await clients(office, id, zoe, heard);
  await others(office, id, heard);
  await internal(office, feeds);
  await refused(office, id, feeds);
  await feeds.close();
  await office.end();
}

/**
 * Has somebody type until a feed brings it: it may not be registered yet, and one is told only once
 * in three seconds.
 * @param {Feed} feed
 * @param {() => Promise<unknown>} type
 * @returns {Promise<any>}
 */
async function hears(feed, type) {
  const before = feed.all.length;
  await eventually(`${feed.name}: something`, () => feed.all.length > before, {
    again: type,
    everyMs: PAUSE_MS,
  });
  return feed.all[feed.all.length - 1];
}

/**
 * It is about six seconds from now.
 * @param {string} until
 */
function sixSeconds(until) {
  holds(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(until), until);
  const left = Date.parse(until) - Date.now();
  // What it took to come here is gone already.
  holds(left > 2000 && left <= 6100, `it is six seconds from then: ${left} ms from now`);
}

/**
 * @param {Office} office
 * @param {string} id
 * @param {Record<'ann' | 'sue' | 'zoe', Feed>} heard
 */
async function operators(office, id, heard) {
  const { ann } = office.people;
  const type = () => ann.act(desk.TYPING, { id });
  const before = await ann.read(DIALOG, { id });

  await step('the client is shown that the assignee types, by display name, for 6 s', async () => {
    const { name, until } = await hears(heard.zoe, type);
    equal(name, 'Ann', 'who');
    sixSeconds(until);
  });

  await step('who else looks at the session is shown it as well, for 6 s', async () => {
    const { actor, until } = await hears(heard.sue, type);
    const employee = { __typename: 'Employee', name: 'Ann', id: office.company.people.ann.id };
    equal(actor, employee, 'who');
    holds(Date.parse(until) > 0, until);
  });

  await step('typing is never told to oneself', () => {
    equal(heard.ann.all, [], 'what ann hears');
  });

  await step('more than one in 3 s are ignored, and no error', async () => {
    await after(PAUSE_MS);
    const before = { sue: heard.sue.all.length, zoe: heard.zoe.all.length };
    for (let at = 0; at < 5; at += 1) await type();
    await eventually('the first', () => heard.sue.all.length > before.sue);
    await eventually('the first', () => heard.zoe.all.length > before.zoe);
    // Whatever a later one had told would have come before what is typed after the pause.
    await after(PAUSE_MS);
    await type();
    await eventually('the next', () => heard.sue.all.length > before.sue + 1);
    await eventually('the next', () => heard.zoe.all.length > before.zoe + 1);
    equal(heard.sue.all.length, before.sue + 2, 'how often sue heard');
    equal(heard.zoe.all.length, before.zoe + 2, 'how often Zoe heard');
  });

  await step('typing is not stored: neither the session nor its dialog changes', async () => {
    equal(await ann.read(DIALOG, { id }), before, 'the session');
  });
}

/**
 * @param {Office} office
 * @param {string} id
 * @param {Person} zoe
 * @param {Record<'ann' | 'sue' | 'zoe', Feed>} heard
 */
async function clients(office, id, zoe, heard) {
  const type = () => zoe.act(desk.CONVERSATION_TYPING, {});

  await step('who looks at the session is shown that the client types, for 6 s', async () => {
    const { actor, until } = await hears(heard.ann, type);
    equal([actor.__typename, actor.name], ['Client', zoe.as && office.company.named('Zoe')], 'who');
    sixSeconds(until);
    await eventually('sue', () => heard.sue.all.some((one) => one.actor.__typename === 'Client'));
  });

  await step('a client is never told of their own typing', () => {
    const names = heard.zoe.all.map(({ name }) => name);
    equal([...new Set(names)], ['Ann'], 'whom Zoe hears of');
  });

  await step('of a client too, more than one in 3 s are ignored, and no error', async () => {
    await after(PAUSE_MS);
    const before = heard.ann.all.length;
    for (let at = 0; at < 5; at += 1) await type();
    await after(PAUSE_MS);
    await type();
    await eventually('the next', () => heard.ann.all.length > before + 1);
    equal(heard.ann.all.length, before + 2, 'how often ann heard');
  });

  await step('a client without an open session may type, and it is no error', async () => {
    const nina = await office.company.visitor('Nina');
    const person = new Person(office.company.origin, 'Nina', nina.token);
    await person.act(desk.CONVERSATION_TYPING, {});
  });

  await step('who follows another session hears nothing of it', async () => {
    holds(!heard.ann.all.some(({ actor }) => actor.name !== office.company.named('Zoe')), 'ann');
    equal(
      (await office.people.ann.read(DIALOG, { id })).viewer.session.messages.nodes.length,
      1,
      '',
    );
  });
}

/**
 * @param {Office} office
 * @param {string} id
 * @param {Record<'ann' | 'sue' | 'zoe', Feed>} heard
 */
async function others(office, id, heard) {
  const { ann, bob, sue } = office.people;

  await step('the client is shown the assignee only: a supervisor is writing notes', async () => {
    const before = heard.zoe.all.length;
    const { actor } = await hears(heard.ann, () => sue.act(desk.TYPING, { id }));
    equal(actor.name, 'Sue', 'whom ann hears of');
    await after(PAUSE_MS);
    // What comes after it shows that nothing came before.
    await hears(heard.zoe, () => ann.act(desk.TYPING, { id }));
    const names = heard.zoe.all.slice(before).map(({ name }) => name);
    equal([...new Set(names)], ['Ann'], 'whom Zoe hears of');
  });

  await step('the client is shown no one while nobody has the session', async () => {
    await ann.act(desk.RETURN, { id });
    const before = heard.zoe.all.length;
    for (const who of [ann, bob, sue]) await who.attempt(desk.TYPING, { id });
    await bob.act(desk.CLAIM, { id });
    await after(PAUSE_MS);
    await hears(heard.zoe, () => bob.act(desk.TYPING, { id }));
    const names = heard.zoe.all.slice(before).map(({ name }) => name);
    equal([...new Set(names)], ['Bob'], 'whom Zoe hears of');
  });

  await step('who may no longer see the session hears no more', async () => {
    await eventually('ann’s feed is over', () => heard.ann.isComplete || heard.ann.error);
  });
}

/**
 * @param {Office} office
 * @param {Feeds} feeds
 */
async function internal(office, feeds) {
  const { ann, kim } = office.people;
  const liveChatId = office.id();
  const text = crypto.randomUUID();
  await kim.act(desk.PRESENCE, { presence: 'OFFLINE' });
  await kim.act(desk.POST, { liveChatId, text, key: text });
  const id = await office.find(text);
  await ann.act(desk.CLAIM, { id });
  const kims = feeds.listen(kim, ON_CLIENT_TYPING, { liveChatId });
  const anns = feeds.listen(ann, ON_TYPING, { id });

  await step('typing as an internal client does not ask for presence', async () => {
    const { actor } = await hears(anns, () => kim.act(desk.CONVERSATION_TYPING, { liveChatId }));
    equal(actor.name, 'Kim', 'whom ann hears of');
  });

  await step('an internal client is shown that the assignee types', async () => {
    const { name } = await hears(kims, () => ann.act(desk.TYPING, { id }));
    equal(name, 'Ann', 'whom kim hears of');
    equal(
      kims.all.filter((one) => one.name === 'Kim'),
      [],
      'and never of herself',
    );
  });
}

/**
 * @param {Office} office
 * @param {string} id of a session that bob has
 * @param {Feeds} feeds
 */
async function refused(office, id, feeds) {
  const { ann, bob, kim, eve, 'other/ann': stranger } = office.people;

  await step('typing in a session that one may not see is NOT_FOUND', async () => {
    for (const who of [ann, kim, eve, stranger]) {
      const refusal = await who.refusal(desk.TYPING, { id });
      equal(refusal?.code, 'NOT_FOUND', who.as);
    }
  });

  await step('typing is OPERATOR_OFFLINE for who is offline', async () => {
    await bob.act(desk.PRESENCE, { presence: 'OFFLINE' });
    await bob.refused('OPERATOR_OFFLINE', desk.TYPING, { id });
    await bob.act(desk.PRESENCE, { presence: 'ONLINE' });
  });

  await step('the typing in a session that one may not see is not to be heard', async () => {
    for (const who of [ann, eve, stranger]) {
      const feed = feeds.listen(who, ON_TYPING, { id });
      await eventually(`${who.as} is refused`, () => feed.error || feed.isComplete);
      equal(feed.all, [], who.as);
    }
  });
}
