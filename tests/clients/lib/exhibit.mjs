// @ts-check
// One of each type that has a global id, and where it comes from.

import * as admin from './administration.mjs';
import * as desk from './mutations.mjs';

const IDS = `query ($session: ID!) { viewer {
  id counters { id } employee { id }
  session(id: $session) {
    id client { id } channel { id } liveChat { id apps { id } }
    bindings { item { id } }
    messages(first: 100) { nodes { id kind } }
    templates(first: 1) { nodes { id } }
  }
} }`;

/**
 * @typedef {object} Exhibit
 * @property {string} session
 * @property {Record<string, string>} ids by type
 * @property {Record<string, string>} entries the ids of messages, by kind
 */

/**
 * Makes a session that ann has, with all that belongs to one.
 * @param {import('./office.mjs').Office} office
 * @returns {Promise<Exhibit>}
 */
export async function exhibit(office) {
  const { ann, ada } = office.people;
  const app = await office.app('Accounts', 'ACCOUNT');
  const id = office.id();
  await ada.act(admin.CREATE_TEMPLATE, { id, title: 'Greeting', text: 'Dear {client}' });
  const session = await office.taken('Olga', ann);
  await office.reply(ann, session, 'An answer');
  await office.note(ann, session, 'A note');
  await ann.act(desk.CREATE_AND_BIND, { id: session, app, title: 'An account' });
  const { viewer } = await ann.read(IDS, { session });
  const { client, channel, liveChat, bindings, messages, templates } = viewer.session;
  return {
    session,
    ids: {
      Viewer: viewer.id,
      Counters: viewer.counters.id,
      Employee: viewer.employee.id,
      LiveChat: liveChat.id,
      Channel: channel.id,
      Session: session,
      Client: client.id,
      Message: messages.nodes[0].id,
      App: liveChat.apps[0].id,
      Item: bindings[0].item.id,
      Template: templates.nodes[0].id,
    },
    entries: Object.fromEntries(
      messages.nodes.map((/** @type {any} */ message) => [message.kind, message.id]),
    ),
  };
}

/**
 * Ids that nothing has: of no form, of another form, and like one that is there.
 * @param {string} id
 * @returns {string[]}
 */
export function nothing(id) {
  const inside = Buffer.from(id, 'base64url').toString('utf8');
  const other = (/** @type {string} */ text) => Buffer.from(text).toString('base64url');
  const last = inside.charAt(inside.length - 1) === '7' ? '8' : '7';
  return [
    'nothing',
    '',
    '🎉',
    `${id}${id}`,
    other(inside.slice(0, -1) + last),
    other('Session:demo/'),
  ];
}
