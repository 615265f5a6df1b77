// @ts-check
// Rules that have time in them: leases of presence, the pause between alerts, and a conversation
// that takes its time to become long. All of them at once, because each waits most of the time.

import { Company, refusal } from '../lib/company.mjs';
import { ON_CONVERSATION } from '../lib/documents.mjs';
import { equal, eventually, holds, pause } from '../lib/expect.mjs';
import { line, listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {{ as: string, token: string, id: string }} Caller */

const SECOND = 1000;
const LEASE_MS = 90 * SECOND;
/** What the last disconnect leaves of a lease. */
const LEFT_MS = 20 * SECOND;
/** How late a lapse may be told: a walk of the leases, and what a busy machine takes. */
const TOLD_MS = 20 * SECOND;
/** When a lease that was not renewed is over for sure. */
const LAPSED_MS = LEASE_MS + 5 * SECOND;
/** When its lapse would have been told, if there were one. */
const KEPT_MS = LAPSED_MS + 10 * SECOND;
const BETWEEN_ALERTS_MS = 10 * SECOND;
/** How many alerts of one session are waited for. */
const ALERTS = 3;
/** How far behind a subscription may begin. */
const REPLAYED = 500;

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: { ann: ['OPERATOR'], dan: ['OPERATOR', 'SUPERVISOR'], sue: ['SUPERVISOR'] },
  });
  // These have no page: each is there in what their own rule says, and in nothing else.
  const names = /** @type {const} */ (['eve', 'bob', 'kim', 'bea']);
  for (const name of names) await company.appoint(name, ['OPERATOR']);
  const [eve, bob, kim, bea] = await Promise.all(names.map((name) => company.caller(name)));
  try {
    await company.online();
    await Promise.all([
      silent(company, eve),
      asking(company, bob),
      listening(company, kim),
      leaving(company, bea),
      spaced(company),
      farBehind(company),
    ]);
  } finally {
    for (const who of [eve, bob, kim, bea]) await company.go(who, 'OFFLINE');
    await company.dissolve();
  }
}

/**
 * What sue is shown of somebody's presence.
 * @param {Company} company
 * @param {Caller} who
 * @returns {Promise<string>}
 */
async function shown(company, { id }) {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Employee { presence } } }';
  return (await company.ask(company.people.sue, query, { id })).node.presence;
}

/**
 * What sue has been told of somebody's presence.
 * @param {Company} company
 * @param {Caller} who
 * @returns {string[]}
 */
const told = ({ people }, { id }) =>
  people.sue.presence.all.filter((one) => one.id === id).map(({ presence }) => presence);

/**
 * @param {Company} company
 * @param {Caller} eve
 */
async function silent(company, eve) {
  const { ann, sue } = company.people;
  const { session } = await company.arrival('Kept', ann);
  const first = Date.now();
  await company.go(eve, 'ONLINE');
  await company.does(eve, 'claimSession', { sessionId: session });
  const last = Date.now();
  await step('shown presence is what was chosen for as long as the lease of 90 s', async () => {
    // Whether the second request renewed it, so soon after the first, is not promised.
    while (Date.now() < first + LEASE_MS - 5 * SECOND) {
      equal(await shown(company, eve), 'ONLINE', `after ${Date.now() - first} ms`);
      await pause(2 * SECOND);
    }
  });
  await step('who made no request for 90 s is shown offline', async () => {
    await eventually('OFFLINE', async () => (await shown(company, eve)) === 'OFFLINE', {
      deadlineMs: last + LAPSED_MS - Date.now(),
    });
  });
  await step('a lapsed lease is told in the subscription', () =>
    eventually('OFFLINE', () => told(company, eve).at(-1) === 'OFFLINE', { deadlineMs: TOLD_MS }),
  );
  await step('assigning to somebody whose lease lapsed is refused', async () => {
    const waiting = await company.arrival('Not for eve', ann);
    const args = { sessionId: waiting.session, employeeId: eve.id };
    const { session: given, userErrors } = await company.act(
      sue,
      'assignSession',
      args,
      'session { id }',
    );
    const { code, field } = userErrors[0] ?? {};
    equal([given, code, field], [null, 'OPERATOR_OFFLINE', ['employeeId']], 'the answer');
  });
  await step('sessions of someone whose lease lapsed stay theirs', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { ... on Session { state operator { id } } } }';
    const { node } = await company.ask(sue, query, { id: session });
    equal(node, { state: 'ASSIGNED', operator: { id: eve.id } }, 'the session');
  });
  await step('any request makes them online again by itself, within the same choice', async () => {
    await company.ask(eve, '{ viewer { id } }');
    await eventually('ONLINE, shown', async () => (await shown(company, eve)) === 'ONLINE');
    await eventually('ONLINE, told', () => told(company, eve).at(-1) === 'ONLINE');
  });
}

/**
 * @param {Company} company
 * @param {Caller} bob
 */
async function asking(company, bob) {
  await company.go(bob, 'ONLINE');
  const start = Date.now();
  const before = told(company, bob).length;
  await step('any request of that person renews the lease', async () => {
    await pause(60 * SECOND);
    await company.ask(bob, '{ __typename }');
    await pause(start + KEPT_MS - Date.now());
    equal(await shown(company, bob), 'ONLINE', 'what is shown');
    const later = told(company, bob).slice(before);
    holds(!later.includes('OFFLINE'), `nobody was told otherwise: ${later}`);
  });
}

/**
 * @param {Company} company
 * @param {Caller} kim
 */
async function listening(company, kim) {
  const socket = line(company.origin, kim.token);
  listen(socket, "kim's alerts", { query: 'subscription { alerts { id } }' });
  await company.go(kim, 'ONLINE');
  const start = Date.now();
  const before = told(company, kim).length;
  await step('any socket frame of that person renews the lease', async () => {
    await pause(start + KEPT_MS - Date.now());
    equal(await shown(company, kim), 'ONLINE', 'what is shown');
    const later = told(company, kim).slice(before);
    holds(!later.includes('OFFLINE'), `nobody was told otherwise: ${later}`);
    equal(socket.attempts(), 1, 'how many connections there were');
  });
  await socket.client.dispose();
}

/**
 * @param {Company} company
 * @param {Caller} bea
 */
async function leaving(company, bea) {
  const socket = line(company.origin, bea.token);
  const alerts = listen(socket, "bea's alerts", { query: 'subscription { alerts { id } }' });
  await eventually('the socket', () => socket.acknowledged() === 1);
  await company.go(bea, 'ONLINE');
  await eventually('ONLINE', () => told(company, bea).at(-1) === 'ONLINE');
  /** @type {(value?: unknown) => void} */
  let open = () => {};
  socket.holdBack(new Promise((done) => (open = done)));
  await step('the last connection that is lost leaves 20 s of it', async () => {
    socket.breakOff();
    const before = Date.now();
    await eventually('OFFLINE', () => told(company, bea).at(-1) === 'OFFLINE', {
      deadlineMs: LEFT_MS + TOLD_MS,
    });
    holds(Date.now() - before > LEFT_MS / 2, 'it is not offline at once');
    equal(await shown(company, bea), 'OFFLINE', 'what is shown');
  });
  await step('a connection that comes back within the same choice is online again', async () => {
    open();
    await eventually('ONLINE', () => told(company, bea).at(-1) === 'ONLINE');
    equal([await shown(company, bea), alerts.error], ['ONLINE', undefined], 'what is shown');
  });
  await company.go(bea, 'OFFLINE');
  await step('who chose offline stays it, however their connection comes and goes', async () => {
    await eventually('OFFLINE', () => told(company, bea).at(-1) === 'OFFLINE');
    const count = told(company, bea).length;
    const acknowledged = socket.acknowledged();
    socket.breakOff();
    await eventually('the socket', () => socket.acknowledged() > acknowledged);
    await company.ask(bea, '{ viewer { id } }');
    await pause(LEFT_MS);
    equal([await shown(company, bea), told(company, bea).length], ['OFFLINE', count], 'presence');
  });
  await socket.client.dispose();
}

/** @param {Company} company */
async function spaced(company) {
  const { ann } = company.people;
  const [zoe, max] = await Promise.all([company.arrival('Zoe', ann), company.arrival('Max', ann)]);
  const heard = (/** @type {string} */ id) =>
    ann.alerts.all.filter(({ session, kind }) => session.id === id && kind === 'NEW_MESSAGE');
  await step('a session that waits alerts at most once in 10 s, and does so again', async () => {
    const post = () => Promise.all([zoe, max].map(({ visitor }) => visitor.post('Still there?')));
    const enough = () => [zoe, max].every(({ session }) => heard(session).length >= ALERTS);
    await eventually('three alerts each', enough, {
      again: post,
      everyMs: SECOND / 2,
      deadlineMs: (ALERTS + 1) * BETWEEN_ALERTS_MS,
    });
    for (const { session } of [zoe, max]) {
      const times = heard(session).map(({ at }) => Date.parse(at));
      const steps = times.slice(1).map((at, index) => at - times[index]);
      holds(
        steps.every((ms) => ms >= BETWEEN_ALERTS_MS),
        `${BETWEEN_ALERTS_MS} ms lie between alerts: ${steps}`,
      );
    }
  });
}

/** @param {Company} company */
async function farBehind(company) {
  const visitor = await company.visitor('Long');
  await step('what a conversation takes no more is stored in no part', async () => {
    let refused = 0;
    for (let written = 0; written <= REPLAYED;) {
      const args = { text: `Line ${written + 1}`, clientMessageId: `${written + 1}` };
      const sent = await company.act(visitor, 'postMessage', args, 'message { seq }');
      if (sent.message) {
        written += 1;
        equal(sent.message.seq, written, 'its number');
      } else {
        refused += 1;
        equal(refusal(sent), 'LIMIT', 'why it is not taken');
        await pause(SECOND / 5);
      }
    }
    holds(refused > 0, 'not everything was taken at once');
  });
  const on = (/** @type {number} */ afterSeq) =>
    listen(visitor.line, 'conversationMessages', {
      query: ON_CONVERSATION,
      variables: { afterSeq },
    });
  await step('a subscription that is 500 messages behind gets all of them, in order', async () => {
    const all = on(1);
    await all.next('the last', ({ seq }) => seq === REPLAYED + 1);
    const seqs = [...new Set(all.all.map(({ seq }) => seq))];
    equal(
      seqs,
      Array.from({ length: REPLAYED }, (_, at) => at + 2),
      'what came',
    );
    equal(all.error, undefined, 'its error');
  });
  await step('one that is more than 500 behind ends with the code RESYNC', async () => {
    const lost = on(0);
    const [error] = /** @type {any[]} */ (await eventually('the end', () => lost.error));
    equal(error.extensions?.code, 'RESYNC', 'the code');
  });
}
