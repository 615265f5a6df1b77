// @ts-check
// Presence: who is offline can look, and changes no session. What takes time is in `time.mjs`.

import { acts, readActs } from '../lib/every-act.mjs';
import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { codes } from '../lib/request.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */
/** @typedef {import('../lib/every-act.mjs').Act} Act */

const SESSION = `query ($id: ID!) { node(id: $id) { ... on Session {
  version state name operator { name } bindings { item { title } }
  messages(first: 100) { nodes { kind text } }
} } }`;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    {
      desk: {
        ann: ['OPERATOR'],
        bob: ['OPERATOR'],
        dan: ['OPERATOR', 'SUPERVISOR'],
        sue: ['SUPERVISOR'],
      },
      shop: { ann: ['OPERATOR'], eve: ['OPERATOR'] },
    },
    ['kim'],
  );
  try {
    await chosen(company);
    await told(company);
    await looking(company);
    await changing(company);
    await exempt(company);
    await assigning(company);
    await precedence(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @param {{ token: string }} who looks
 * @param {string} id of an employee
 * @returns {Promise<string>}
 */
async function shown(company, who, id) {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Employee { presence } } }';
  return (await company.ask(who, query, { id })).node.presence;
}

/** @param {Company} company */
async function chosen(company) {
  const { ann, bob, sue } = company.people;
  await step('presence is first OFFLINE, however active somebody is', async () => {
    const { viewer } = await company.ask(company.ada, '{ viewer { employee { presence } } }');
    equal(viewer.employee.presence, 'OFFLINE', "ada's, who never chose");
  });
  await step('setPresence answers the employee, and all are shown what was chosen', async () => {
    for (const presence of /** @type {const} */ (['ONLINE', 'OFFLINE', 'ONLINE', 'ONLINE'])) {
      await company.go(ann, presence);
      for (const who of [ann, bob, sue]) {
        equal(await shown(company, who, ann.id), presence, `what ${who.as} is shown`);
      }
    }
  });
  await step('a presence is ONLINE or OFFLINE; a client has none', async () => {
    const set = (/** @type {string} */ presence) =>
      `mutation { setPresence(presence: ${presence}) { userErrors { code } } }`;
    equal(await codes(company.origin, ann.token, set('AWAY')), ['BAD_USER_INPUT'], 'another');
    const zoe = await company.visitor('Zoe');
    equal(await codes(company.origin, zoe.token, set('ONLINE')), ['FORBIDDEN'], 'a client');
    equal(await shown(company, bob, ann.id), 'ONLINE', "ann's, as before");
  });
  await step('the list for assigning shows it too', async () => {
    const { viewer } = await company.ask(
      sue,
      `query ($id: ID!) { viewer { liveChat(id: $id) {
        operators { employee { name presence } } members { employee { name presence } }
      } } }`,
      { id: company.id() },
    );
    for (const list of [viewer.liveChat.operators, viewer.liveChat.members]) {
      const online = list
        .map((/** @type {any} */ { employee }) => employee)
        .filter((/** @type {any} */ { presence }) => presence === 'ONLINE');
      equal(online, [{ name: 'Ann', presence: 'ONLINE' }], 'who is online');
    }
  });
}

/** @param {Company} company */
async function told(company) {
  const { ann, eve, dan, kim } = company.people;
  await step('the subscription tells colleagues and oneself of each change', async () => {
    for (const presence of ['ONLINE', 'OFFLINE']) {
      await company.go(dan, /** @type {'ONLINE' | 'OFFLINE'} */ (presence));
      for (const who of [ann, company.people.sue, dan]) {
        await who.presence.next(
          `dan ${presence}`,
          (one) => one.id === dan.id && one.presence === presence,
        );
      }
    }
  });
  await step('with a live chat it tells of the members of that one', async () => {
    const shop = listen(ann.line, "ann's presence", {
      query: 'subscription ($id: ID) { presence(liveChatId: $id) { id presence } }',
      variables: { id: company.id('shop') },
    });
    // Until it stands, which nothing acknowledges.
    await eventually('a change in the shop', () => shop.all.length > 0, {
      again: async () => {
        await company.go(eve, 'OFFLINE');
        await company.go(eve, 'ONLINE');
      },
      everyMs: 500,
    });
    const from = shop.all.length;
    await company.go(dan, 'ONLINE');
    await company.go(eve, 'OFFLINE');
    await company.go(eve, 'ONLINE');
    await eventually('the later change', () =>
      shop.all.slice(from).some((one) => one.id === eve.id && one.presence === 'ONLINE'),
    );
    holds(!shop.has(({ id }) => id === dan.id), 'dan, who is not of the shop, is not told of');
  });
  await step('who has no live chat in common with somebody is not told of them', () => {
    const others = kim.presence.all.filter(({ id }) => id !== kim.id);
    equal(others, [], 'what kim was told, who has no role');
  });
}

/** @param {Company} company */
async function looking(company) {
  const { bob, dan, sue } = company.people;
  const { session } = await company.arrival('Looked at', bob);
  await company.go(dan, 'ONLINE');
  await company.does(dan, 'claimSession', { sessionId: session });
  await company.go(dan, 'OFFLINE');
  await step('offline employees can look, supervisors too', async () => {
    const { session: queued } = await company.arrival('Waits', bob);
    for (const [who, id] of /** @type {[Employee, string][]} */ ([
      [bob, queued],
      [dan, session],
      [sue, session],
      [sue, queued],
    ])) {
      equal(await shown(company, who, who.id), 'OFFLINE', `${who.as}'s presence`);
      const { node } = await company.ask(who, SESSION, { id });
      equal(node.messages.nodes[0].kind, 'CLIENT', `what ${who.as} reads`);
    }
    const listed = await company.group(bob, 'QUEUE');
    holds(
      listed.some(({ id }) => id === queued),
      'bob sees the queue',
    );
    const found = await company.ask(sue, '{ viewer { counters { unassignedSessions } } }');
    holds(found.viewer.counters.unassignedSessions > 0, 'sue sees her counters');
  });
}

/** @param {Company} company */
async function changing(company) {
  const { ann, bob, dan, sue } = company.people;
  const app = await company.ada.createApp(company.named('Accounts'), 'ACCOUNT');
  await company.ada.setLiveChatApps(company.id(), [app]);
  await company.online(dan, ann);
  const { session } = await company.arrival('Changed', bob);
  const bound = await company.does(
    dan,
    'createAndBindItem',
    { sessionId: session, appId: app, title: 'An item' },
    'item { id }',
  );
  const target = { session, colleague: ann.id, app, item: bound.item.id };
  const refusedAll = async (/** @type {Employee} */ who, /** @type {Act[]} */ list) => {
    const before = await company.ask(who, SESSION, { id: session });
    for (const { field, args, selection } of list) {
      const { userErrors } = await company.act(who, field, args, selection);
      const [{ code, field: at }] = userErrors.length > 0 ? userErrors : [{}];
      equal([code, at], ['OPERATOR_OFFLINE', null], `${field} by ${who.as}`);
    }
    equal(await company.ask(who, SESSION, { id: session }), before, 'the session');
  };
  const taking = ['claimSession', 'sendMessage'];
  await step('an offline operator takes nothing from the queue: OPERATOR_OFFLINE', async () => {
    const next = { field: 'claimNextSession', args: {}, selection: 'session { id }' };
    await refusedAll(bob, [...acts(target).filter(({ field }) => taking.includes(field)), next]);
  });
  await step('an offline supervisor changes no session: OPERATOR_OFFLINE', () =>
    refusedAll(
      sue,
      acts(target).filter(({ field }) => !taking.includes(field)),
    ),
  );
  await step('an offline operator changes not even their own: OPERATOR_OFFLINE', async () => {
    await company.go(bob, 'ONLINE');
    await company.does(bob, 'claimSession', { sessionId: session });
    await company.go(bob, 'OFFLINE');
    await refusedAll(bob, acts(target));
  });
  await step('sessions of someone who goes offline stay theirs', async () => {
    const { node } = await company.ask(sue, SESSION, { id: session });
    equal([node.state, node.operator], ['ASSIGNED', { name: 'Bob' }], 'the session');
    const mine = await company.group(bob, 'MY');
    holds(
      mine.some(({ id }) => id === session),
      'it is among theirs',
    );
  });
  await step('except by the read marks, which ask for no presence', async () => {
    for (const { field, args, selection } of readActs(session, 1)) {
      for (const who of [bob, sue]) await company.does(who, field, args, selection);
    }
  });
}

/** @param {Company} company */
async function exempt(company) {
  const { kim, bob } = company.people;
  await step('postMessage as an internal client does not ask for presence', async () => {
    for (const who of [kim, bob]) {
      equal(await shown(company, who, who.id), 'OFFLINE', `${who.as}'s presence`);
      const args = { liveChatId: company.id(), text: 'Hello', clientMessageId: company.run };
      const { message } = await company.does(who, 'postMessage', args, 'message { seq }');
      equal(message.seq, 1, 'the message');
    }
  });
  await step('nor does typing as an internal client', async () => {
    for (const who of [kim, bob]) {
      await company.does(who, 'setConversationTyping', { liveChatId: company.id() });
    }
  });
  await step('typing as an operator does ask: it shows the client somebody is there', async () => {
    const { session } = await company.arrival('Typed to', bob);
    const typing = await company.act(bob, 'setTyping', { sessionId: session });
    equal(refusal(typing), 'OPERATOR_OFFLINE', 'the answer');
  });
  await step('nor administration, nor setPresence', async () => {
    const { viewer } = await company.ask(company.ada, '{ viewer { employee { presence } } }');
    equal(viewer.employee.presence, 'OFFLINE', "ada's presence");
    await company.ada.setSessionNameTemplate(company.id(), '{client}');
    await company.go(kim, 'OFFLINE');
  });
}

/** @param {Company} company */
async function assigning(company) {
  const { ann, bob, dan, sue } = company.people;
  await step(
    'assigning to someone offline is refused, and the error names the argument',
    async () => {
      await company.online(ann, dan, sue);
      const { session } = await company.arrival('Assigned', ann);
      const give = (/** @type {Employee} */ who, /** @type {Employee} */ to) =>
        company.act(
          who,
          'assignSession',
          { sessionId: session, employeeId: to.id },
          'session { id }',
        );
      const refused = async (/** @type {Employee} */ who) => {
        const { session: given, userErrors } = await give(who, bob);
        const { code, field } = userErrors[0] ?? {};
        equal([given, code, field], [null, 'OPERATOR_OFFLINE', ['employeeId']], `by ${who.as}`);
      };
      await refused(sue);
      await refused(dan);
      equal((await give(sue, ann)).userErrors, [], 'to ann, who is online');
      await refused(ann);
      await company.go(bob, 'ONLINE');
      equal((await give(ann, bob)).userErrors, [], 'to bob, when he is online');
      await company.go(bob, 'OFFLINE');
    },
  );
}

/** @param {Company} company */
async function precedence(company) {
  const { ann, bob, dan, sue, kim } = company.people;
  await company.online(ann, bob, dan);
  const { session: sessionId } = await company.arrival('Queued', ann);
  const { session: taken } = await company.arrival('Taken', ann);
  const { session: closed } = await company.arrival('Closed', ann);
  const sent = { sessionId: taken, text: 'An answer', clientMessageId: 'answer' };
  await company.does(bob, 'sendMessage', sent, 'message { id }');
  await company.does(bob, 'claimSession', { sessionId: closed });
  await company.does(bob, 'closeSession', { sessionId: closed });
  for (const who of [ann, bob, dan, sue]) await company.go(who, 'OFFLINE');
  /** @type {(what: string, who: Employee, field: string, args: object, code: string | undefined) => Promise<void>} */
  const expect = async (what, who, field, args, code) =>
    equal(refusal(await company.act(who, field, { .../** @type {any} */ (args) })), code, what);
  const note = (/** @type {string} */ id, text = 'A note') => ({
    sessionId: id,
    text,
    clientMessageId: 'note',
  });

  await step('INVALID, NOT_FOUND and FORBIDDEN come before OPERATOR_OFFLINE', async () => {
    await expect('no text', bob, 'addNote', note(taken, ''), 'INVALID');
    await expect('no session', bob, 'addNote', note('nonsense'), 'NOT_FOUND');
    await expect('out of sight', kim, 'addNote', note(taken), 'NOT_FOUND');
    await expect('no operator', sue, 'claimSession', { sessionId }, 'FORBIDDEN');
  });
  await step('OPERATOR_OFFLINE comes before the state of the session', async () => {
    await expect('closed', bob, 'addNote', note(closed), 'OPERATOR_OFFLINE');
    await expect('taken', dan, 'claimSession', { sessionId: taken }, 'OPERATOR_OFFLINE');
    await expect('taken, unseen', ann, 'claimSession', { sessionId: taken }, 'OPERATOR_OFFLINE');
    await expect('queued', ann, 'addNote', note(sessionId), 'OPERATOR_OFFLINE');
    await expect('online', dan, 'addNote', note(closed), 'OPERATOR_OFFLINE');
    await company.online(ann, bob, dan);
    await expect('closed, online', bob, 'addNote', note(closed), 'SESSION_CLOSED');
    await expect('taken, online', dan, 'claimSession', { sessionId: taken }, 'ALREADY_CLAIMED');
    await expect('queued, online', ann, 'addNote', note(sessionId), 'NOT_ASSIGNED');
  });
  await step('the first result of a repeated key comes before OPERATOR_OFFLINE', async () => {
    await company.go(bob, 'OFFLINE');
    const again = await company.act(bob, 'sendMessage', sent, 'message { text }');
    equal([again.message?.text, again.userErrors], ['An answer', []], 'the same again');
    const changed = { ...sent, text: 'Another' };
    await expect('another text', bob, 'sendMessage', changed, 'KEY_REUSED');
  });
}
