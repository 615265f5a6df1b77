// @ts-check
// node and nodes: Relay's look-up by a global id. What one may not see is answered exactly as what
// does not exist.

import * as desk from '../lib/mutations.mjs';
import { exhibit, nothing } from '../lib/exhibit.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Person } from '../lib/person.mjs';
import { line, listen } from '../lib/socket.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

/** @typedef {import('../lib/exhibit.mjs').Exhibit} Exhibit */

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    { Desk: { ann: ['OPERATOR'], bob: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim', 'eve', 'other/ann'],
  );
  const all = await exhibit(office);
  await found(office, all);
  await unseen(office, all);
  await elsewhere(office, all);
  await many(office, all);
  await followed(office, all);
  await office.end();
}

/**
 * @param {Office} office
 * @param {Exhibit} all
 */
async function found(office, { ids, entries }) {
  const { ann, sue, ada } = office.people;
  const { __type } = await ann.read('{ __type(name: "Node") { possibleTypes { name } } }');

  await step('every type that implements Node is tried', () => {
    const names = __type.possibleTypes.map((/** @type {any} */ { name }) => name).sort();
    equal(Object.keys(ids).sort(), names, 'the types');
  });

  for (const [type, id] of Object.entries(ids)) {
    await step(`node gives back what is of type ${type} by its id, to who sees it`, async () => {
      equal((await ann.read(NODE, { id })).node, { __typename: type, id }, 'the node');
    });
  }

  for (const [kind, id] of Object.entries(entries)) {
    await step(`node gives back an entry of kind ${kind}`, async () => {
      for (const who of [ann, sue]) {
        equal((await who.read(NODE, { id })).node, { __typename: 'Message', id }, who.as);
      }
    });
  }

  await step('ids are opaque and differ from type to type', () => {
    equal(new Set(Object.values(ids)).size, Object.keys(ids).length, 'how many different ids');
  });

  await step('node gives an administrator the live chats and channels', async () => {
    for (const type of ['LiveChat', 'Channel']) {
      equal((await ada.read(NODE, { id: ids[type] })).node?.__typename, type, type);
    }
  });
}

/**
 * Of what somebody may not see, node answers byte for byte as of what does not exist.
 * @param {Office} office
 * @param {Exhibit} all
 */
async function unseen(office, { ids, entries }) {
  const { bob, sue, kim, eve, ada, 'other/ann': stranger } = office.people;
  const visitor = await office.company.visitor('Zoe');
  const client = new Person(office.company.origin, 'a client', visitor.token);
  const every = Object.keys(ids);
  const sessions = ['Session', 'Client', 'Message', 'Template'];
  /** @type {[Person, string, string[]][]} */
  const rows = [
    [stranger, 'the people of another tenant', every],
    [client, 'a client', every],
    [kim, 'an employee without a role', every.filter((type) => type !== 'Employee')],
    [eve, 'an operator of another live chat', every.filter((type) => type !== 'Employee')],
    [bob, 'an operator whose session it is not', sessions],
    [ada, 'an administrator', sessions.filter((type) => type !== 'Template')],
    [sue, 'another person', ['Viewer', 'Counters']],
  ];
  for (const [who, whom, types] of rows) {
    await step(
      `to ${whom} what they may not see is what does not exist, byte for byte`,
      async () => {
        const nobody = await who.raw(NODE, { id: 'nothing' });
        equal(JSON.parse(nobody), { data: { node: null } }, 'of what does not exist');
        for (const type of types) equal(await who.raw(NODE, { id: ids[type] }), nobody, type);
      },
    );
  }

  await step('whatever does not exist is null, of whatever form its id is', async () => {
    for (const type of every) {
      for (const id of nothing(ids[type])) {
        equal(await sue.raw(NODE, { id }), '{"data":{"node":null}}', `${type}, ${id}`);
      }
    }
  });

  await step('a client finds neither notes nor events of their own session', async () => {
    const text = crypto.randomUUID();
    await client.act(desk.POST, { text, key: text });
    const session = await office.find(text);
    await bob.act(desk.CLAIM, { id: session });
    const note = await office.note(bob, session, 'Between us');
    const nobody = await client.raw(NODE, { id: 'nothing' });
    for (const id of [note.id, session, entries.NOTE, entries.EVENT]) {
      equal(await client.raw(NODE, { id }), nobody, 'the answer');
    }
  });
}

/**
 * The same on the other paths by an id.
 * @param {Office} office
 * @param {Exhibit} all
 */
async function elsewhere(office, { ids, session }) {
  const { bob, kim, eve, 'other/ann': stranger } = office.people;
  const item = ids.Item;
  const key = crypto.randomUUID();
  /** @type {[string, string, Record<string, unknown>][]} */
  const rows = [
    ['viewer.session', 'query ($id: ID!) { viewer { session(id: $id) { id } } }', {}],
    ['claimSession', desk.CLAIM, {}],
    ['sendMessage', desk.SEND, { text: 'No', key }],
    ['addNote', desk.NOTE, { text: 'No', key: `${key} note` }],
    ['markSessionRead', desk.READ, { upTo: 1 }],
    ['markSessionUnread', desk.UNREAD, { from: 1 }],
    ['assignSession', desk.ASSIGN, { to: office.company.people.bob.id }],
    ['returnSession', desk.RETURN, {}],
    ['closeSession', desk.CLOSE, {}],
    ['renameSession', desk.RENAME, { name: 'No' }],
    ['bindItem', desk.BIND, { item }],
    ['createAndBindItem', desk.CREATE_AND_BIND, { app: ids.App, title: 'No' }],
    ['unbindItem', desk.UNBIND, { item }],
    ['setTyping', desk.TYPING, {}],
  ];
  for (const [path, document, variables] of rows) {
    // That it is taken, and by whom, is the one thing that an operator may learn.
    const learns = ['claimSession', 'sendMessage'].includes(path);
    const people = learns ? [kim, eve, stranger] : [bob, kim, eve, stranger];
    await step(`${path}: a session out of sight is one that does not exist`, async () => {
      for (const who of people) {
        const nobody = await who.raw(document, { ...variables, id: nothing(session)[4] });
        equal(await who.raw(document, { ...variables, id: session }), nobody, who.as);
      }
    });
  }

  await step('viewer.liveChat: one without a role for me is one that does not exist', async () => {
    const document = 'query ($id: ID!) { viewer { liveChat(id: $id) { id name } } }';
    for (const who of [kim, eve, stranger]) {
      const nobody = await who.raw(document, { id: nothing(ids.LiveChat)[4] });
      equal(await who.raw(document, { id: ids.LiveChat }), nobody, who.as);
    }
  });

  await step('postMessage: a live chat of another tenant is one that does not exist', async () => {
    const message = { text: 'No', key };
    const there = await stranger.raw(desk.POST, { ...message, liveChatId: ids.LiveChat });
    const nobody = { ...message, liveChatId: nothing(ids.LiveChat)[4] };
    equal(there, await stranger.raw(desk.POST, nobody), 'the answer');
  });
}

/**
 * @param {Office} office
 * @param {Exhibit} all
 */
async function many(office, { ids }) {
  const { ann } = office.people;
  const some = Object.values(ids);

  await step('nodes gives them in the order of their ids, null for what there is not', async () => {
    const asked = [some[3], 'nothing', some[0], some[3], nothing(some[5])[4], some[5]];
    const { nodes } = await ann.read(NODES, { ids: asked });
    const got = nodes.map((/** @type {any} */ node) => node?.id ?? null);
    equal(got, [some[3], null, some[0], some[3], null, some[5]], 'the ids');
  });

  await step('nodes of no ids is an empty list', async () => {
    equal(await ann.read(NODES, { ids: [] }), { nodes: [] }, 'the answer');
  });

  await step('nodes takes 100 ids', async () => {
    const asked = Array.from({ length: 100 }, (_, at) => some[at % some.length]);
    const { nodes } = await ann.read(NODES, { ids: asked });
    equal(
      nodes.map((/** @type {any} */ { id }) => id),
      asked,
      'the ids',
    );
  });

  await step('nodes of 101 ids is refused', async () => {
    const codes = await ann.codes(NODES, { ids: Array.from({ length: 101 }, () => some[0]) });
    holds(['BAD_USER_INPUT', 'TOO_COMPLEX'].includes(codes[0]), `the code ${codes}`);
  });
}

/**
 * The same for what is followed.
 * @param {Office} office
 * @param {Exhibit} all
 */
async function followed(office, { ids, session }) {
  const { bob, eve, 'other/ann': stranger } = office.people;
  const rows = [
    ['messages', 'subscription ($id: ID!) { messages(sessionId: $id) { id } }', session],
    ['typing', 'subscription ($id: ID!) { typing(sessionId: $id) { until } }', session],
    ['sessions', 'subscription ($id: ID!) { sessions(liveChatId: $id) { kind } }', ids.LiveChat],
    ['presence', 'subscription ($id: ID!) { presence(liveChatId: $id) { id } }', ids.LiveChat],
  ];
  for (const [field, query, id] of rows) {
    await step(`subscribing to ${field} out of sight is as to what does not exist`, async () => {
      const people = id === session ? [bob, eve, stranger] : [eve, stranger];
      for (const who of people) {
        const ends = [];
        for (const one of [id, nothing(id)[4]]) {
          const own = line(office.company.origin, who.token);
          const feed = listen(own, `${who.as}'s ${field}`, { query, variables: { id: one } });
          ends.push(await how(feed));
          await own.client.dispose();
        }
        equal(ends[0], ends[1], who.as);
      }
    });
  }
}

/**
 * How a feed begins or ends, without what differs from request to request.
 * @param {import('../lib/inbox.mjs').Inbox<any>} feed
 * @returns {Promise<unknown>}
 */
async function how(feed) {
  const first = await feed.next('its first').catch((fault) => fault);
  if (!(first instanceof Error)) return first;
  const errors = /** @type {any} */ (feed.error);
  return Array.isArray(errors)
    ? errors.map(({ message, path, extensions }) => ({ message, path, code: extensions?.code }))
    : { error: String(errors), isComplete: feed.isComplete };
}
