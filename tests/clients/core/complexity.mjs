// @ts-check
// The bounds of a request: depth, aliases, size; what may not be asked under a subscription; and how
// errors beside the data look.

import { request } from '../lib/request.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { exhibit } from '../lib/exhibit.mjs';
import { PRESENCE } from '../lib/mutations.mjs';
import { Office } from '../lib/office.mjs';
import { line, listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

const CODES = [
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'TOO_COMPLEX',
  'RATE_LIMITED',
  'RESYNC',
  'UNAVAILABLE',
  'INTERNAL',
];

/**
 * A query that goes so deep.
 * @param {number} levels
 */
function deep(levels) {
  const open = 'sessions(first: 1) { nodes { client { ';
  return `{ viewer { sessions(first: 1) { nodes { client { ${open.repeat(levels)} id ${' } } }'.repeat(
    levels,
  )} } } } } }`;
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { ids } = await exhibit(office);
  await bounds(office);
  await pages(office, ids);
  await sockets(office, ids);
  await subscriptions(office, ids);
  await errors(office);
  await office.end();
}

/** @param {Office} office */
async function bounds(office) {
  const { ann, sue } = office.people;
  const repeated = (/** @type {number} */ count, /** @type {string} */ field) =>
    Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');

  await step('a query that goes too deep is TOO_COMPLEX', async () => {
    equal(await ann.codes(deep(1)), [], 'one that does not');
    for (const levels of [8, 10, 20, 30, 60, 100, 200]) {
      equal(await ann.codes(deep(levels)), ['TOO_COMPLEX'], `${levels} times three levels`);
    }
  });

  await step('a query with too many aliases is TOO_COMPLEX', async () => {
    equal(await ann.codes(`{ ${repeated(3, 'viewer { id }')} }`), [], 'one with three');
    equal(
      await ann.codes(`{ ${repeated(1000, 'viewer { id }')} }`),
      ['TOO_COMPLEX'],
      'at the root',
    );
    const within = `{ viewer { ${repeated(1000, 'employee { id }')} } }`;
    equal(await ann.codes(within), ['TOO_COMPLEX'], 'further in');
  });

  await step('a mutation with too many aliases is TOO_COMPLEX, and does nothing', async () => {
    const offline = 'setPresence(presence: OFFLINE) { employee { id } }';
    const codes = await sue.codes(`mutation { ${repeated(200, offline)} }`);
    const { viewer } = await sue.read('{ viewer { employee { presence } } }');
    await sue.act(PRESENCE, { presence: 'ONLINE' });
    equal([codes, viewer.employee.presence], [['TOO_COMPLEX'], 'ONLINE'], 'code and presence');
  });

  await step('aliases that hide in fragments count too', async () => {
    const fragment = `fragment F on Viewer { ${repeated(1000, 'employee { id }')} }`;
    equal(await ann.codes(`{ viewer { ...F } } ${fragment}`), ['TOO_COMPLEX'], 'in one');
  });

  await step('fragments that double at each level take no long time', async () => {
    const levels = Array.from(
      { length: 25 },
      (_, at) => `fragment F${at} on Viewer { ...F${at + 1} ...F${at + 1} }`,
    ).join(' ');
    const began = Date.now();
    const [code] = await ann.codes(`{ viewer { ...F0 } } ${levels} fragment F25 on Viewer { id }`);
    holds([undefined, 'TOO_COMPLEX'].includes(code), `the code ${code}`);
    holds(Date.now() - began < 5000, 'it takes no long time');
  });

  await step('fragments that go round are refused', async () => {
    const round = 'fragment A on Viewer { ...B } fragment B on Viewer { ...A }';
    const [code] = await ann.codes(`{ viewer { ...A } } ${round}`);
    holds(['BAD_USER_INPUT', 'TOO_COMPLEX'].includes(code), `the code ${code}`);
  });

  await step('lists of lists of lists are TOO_COMPLEX', async () => {
    const sessions = 'sessions(first: 100) { nodes { id client { ';
    const query = `{ viewer { ${sessions.repeat(3)} id ${'} } }'.repeat(3)} } }`;
    equal(await ann.codes(query), ['TOO_COMPLEX'], 'it');
  });

  await step('a document that is too large is refused with a code', async () => {
    for (const size of [100_000, 1_000_000]) {
      const { status, errors } = await request(
        office.company.origin,
        ann.token,
        `{ viewer { id } } # ${'x'.repeat(size)}`,
      );
      holds(status >= 400 && status < 500, `the status ${status}`);
      holds(CODES.includes(errors?.[0].extensions?.code), JSON.stringify(errors));
    }
  });
}

/**
 * What a page asks for at once has to be within the bounds.
 * @param {Office} office
 * @param {Record<string, string>} ids
 */
async function pages(office, ids) {
  const { ann } = office.people;
  const session = `id version name state isNew unreadCount viewerReadSeq firstMessageAt
    lastMessageAt waitingSince closedAt liveChat { id name } operator { id name presence }
    client { id name isInternal employee { id } contacts { kind value } } channel { id kind name }
    preview { kind authorName text sentAt channel { id kind } }
    viewerCanClaim viewerCanReply viewerCanNote viewerCanAssign viewerCanReturn viewerCanClose
    viewerCanRename viewerCanBind`;
  const message = `id seq kind text sentAt clientMessageId session { id } author { __typename name }
    channel { id kind } replyTo { id text author { name } }
    event { kind name from { id name } to { id name } item { id title } }`;

  await step('a page may ask for the whole desk at once', async () => {
    const group = (/** @type {string} */ name) =>
      `${name}: sessions(group: ${name}, first: 50) { nodes { ${session} } pageInfo { hasNextPage endCursor } }`;
    const { viewer } = await ann.read(
      `query ($id: ID!) { viewer { id employee { id name presence } isAdministrator
        counters { id version workspaceBadge unreadSessions unassignedSessions queue
          liveChats { id queueCount } }
        liveChats { id name viewerRoles queueCount }
        liveChat(id: $id) { id ${['ACTIVE', 'CLOSED', 'QUEUE', 'MY'].map(group).join(' ')} }
      } }`,
      { id: ids.LiveChat },
    );
    equal(viewer.liveChat.MY.nodes.length, 1, 'ann’s sessions');
  });

  await step('a page may ask for a whole session at once', async () => {
    const { viewer } = await ann.read(
      `query ($id: ID!) { viewer { session(id: $id) { ${session}
        messages(last: 100) { edges { cursor node { ${message} } } nodes { ${message} }
          pageInfo { hasPreviousPage hasNextPage startCursor endCursor } }
        bindings { item { id title app { id } } boundAt boundBy { id name } }
        liveChat { id apps { id name kind } operators { openSessions employee { id name presence } } }
        templates(first: 50) { nodes { id title text } }
      } } }`,
      { id: ids.Session },
    );
    equal(viewer.session.messages.nodes[0].id, ids.Message, 'its first message');
  });
}

/**
 * @param {Office} office
 * @param {Record<string, string>} ids
 */
async function sockets(office, ids) {
  const { ann, sue } = office.people;

  await step('over the socket, too, TOO_COMPLEX refuses the operation, and no other', async () => {
    const own = line(office.company.origin, sue.token);
    const heard = listen(own, 'sue’s messages', {
      query: 'subscription ($id: ID!) { messages(sessionId: $id, afterSeq: 0) { id text } }',
      variables: { id: ids.Session },
    });
    await heard.next('the first');
    const inner = `${'replyTo { '.repeat(30)} id ${'}'.repeat(30)}`;
    const refused = listen(own, 'too much', {
      query: `subscription ($id: ID!) { messages(sessionId: $id) { ${inner} } }`,
      variables: { id: ids.Session },
    });
    const [error] = /** @type {any[]} */ (await eventually('a refusal', () => refused.error));
    equal(error.extensions.code, 'TOO_COMPLEX', 'the code');
    await office.reply(ann, ids.Session, 'Still there?');
    await heard.next('the other goes on', ({ text }) => text === 'Still there?');
    equal(own.attempts(), 1, 'how many connections');
    await own.client.dispose();
  });

  await step('over the socket, too, too many aliases are TOO_COMPLEX', async () => {
    const own = line(office.company.origin, sue.token);
    const aliases = Array.from({ length: 1000 }, (_, at) => `a${at}: text`).join(' ');
    const refused = listen(own, 'too many', {
      query: `subscription ($id: ID!) { messages(sessionId: $id) { ${aliases} } }`,
      variables: { id: ids.Session },
    });
    const [error] = /** @type {any[]} */ (await eventually('a refusal', () => refused.error));
    equal(error.extensions.code, 'TOO_COMPLEX', 'the code');
    await own.client.dispose();
  });
}

/**
 * @param {Office} office
 * @param {Record<string, string>} ids
 */
async function subscriptions(office, ids) {
  const { sue } = office.people;
  const sessions = (/** @type {string} */ inner) => `sessions { session { ${inner} } }`;
  const messages = (/** @type {string} */ inner) =>
    `messages(sessionId: "${ids.Session}") { ${inner} }`;
  const page = '(first: 1) { nodes { id } }';
  /** @type {[string, string][]} */
  const rows = [
    ['Session.messages', sessions(`messages${page}`)],
    ['Session.messages from the end', sessions('messages(last: 1) { nodes { id } }')],
    ['Session.searchMessages', sessions('searchMessages(query: "x", first: 1) { nodes { id } }')],
    ['Session.templates', sessions(`templates${page}`)],
    ['Client.sessions', sessions(`client { sessions${page} }`)],
    [
      'LiveChat.sessions',
      sessions('liveChat { sessions(group: QUEUE, first: 1) { nodes { id } } }'),
    ],
    ['App.items', sessions(`liveChat { apps { items${page} } }`)],
    ['Item.sessions', sessions(`bindings { item { sessions${page} } }`)],
    ['Session.messages of a message', messages(`session { messages${page} }`)],
    [
      'LiveChat.sessions of counters',
      `counters { liveChats { sessions(group: MY, first: 1) { nodes { id } } } }`,
    ],
    ['Session.messages of an alert', `alerts { session { messages${page} } }`],
    [
      'Client.sessions of who types',
      `typing(sessionId: "${ids.Session}") { actor { ... on Client { sessions${page} } } }`,
    ],
  ];
  const own = line(office.company.origin, sue.token);
  const feeds = rows.map(([, field]) => listen(own, field, { query: `subscription { ${field} }` }));
  for (const [at, [name]] of rows.entries()) {
    await step(`${name} is refused under a subscription`, async () => {
      const errors = /** @type {any} */ (await eventually('a refusal', () => feeds[at].error));
      holds(CODES.includes(errors[0]?.extensions?.code), JSON.stringify(errors));
      equal(feeds[at].all, [], 'what it brought');
    });
  }

  await step('without a connection the same subscriptions are good', async () => {
    const feed = listen(own, 'sessions', {
      query: `subscription { sessions { kind session { id } } }`,
    });
    await feed.next('READY', ({ kind }) => kind === 'READY');
  });
  await own.client.dispose();
}

/** @param {Office} office */
async function errors(office) {
  const { ann } = office.people;
  /** @type {[string, string, string][]} */
  const rows = [
    ['a document that cannot be read', '{ viewer { ', 'BAD_USER_INPUT'],
    ['an unknown field', '{ viewer { nothing } }', 'BAD_USER_INPUT'],
    [
      'an unknown argument',
      '{ viewer { sessions(first: 1, that: 2) { nodes { id } } } }',
      'BAD_USER_INPUT',
    ],
    [
      'a value of the wrong type',
      '{ viewer { sessions(first: "one") { nodes { id } } } }',
      'BAD_USER_INPUT',
    ],
    [
      'an unknown enum value',
      'mutation { setPresence(presence: AWAY) { employee { id } } }',
      'BAD_USER_INPUT',
    ],
    ['a missing argument', '{ node { id } }', 'BAD_USER_INPUT'],
    ['a forbidden field', '{ administration { apps { id } } }', 'FORBIDDEN'],
    ['a bound that is passed', deep(20), 'TOO_COMPLEX'],
  ];
  for (const [what, query, code] of rows) {
    await step(`${what} is ${code}, with a requestId`, async () => {
      const { errors = [] } = await request(office.company.origin, ann.token, query);
      // The same fault may be told twice.
      const codes = new Set(errors.map((one) => one.extensions?.code));
      equal([...codes], [code], 'the codes');
      const id = errors[0].extensions?.requestId;
      holds(typeof id === 'string' && id.length > 0, 'there is a requestId');
    });
  }

  await step('without a token, or with a false one, all is UNAUTHENTICATED', async () => {
    for (const token of [undefined, 'false', `${ann.token}x`]) {
      const { errors = [], data } = await request(
        office.company.origin,
        token,
        '{ viewer { id } }',
      );
      equal([errors[0]?.extensions?.code, data ?? null], ['UNAUTHENTICATED', null], 'the answer');
    }
  });

  await step('each request has a requestId of its own', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => {
        const { errors = [] } = await request(office.company.origin, ann.token, '{ nothing }');
        return errors[0].extensions?.requestId;
      }),
    );
    equal(new Set(ids).size, 3, 'how many different ones');
  });
}
