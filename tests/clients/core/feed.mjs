// @ts-check
// The feed of sessions: what of them is pushed, to whom, and what is not.

import { ids } from '../lib/connection.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { line, listen } from '../lib/socket.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */
/** @typedef {import('../lib/scene.mjs').Case} Case */

const CHANGE = `
  kind version removedId by { __typename name } session { id version state operator { id } name }
`;

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(
    origin,
    {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      sue: ['SUPERVISOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
    },
    { elsewhere: { bob: ['OPERATOR'], eve: ['OPERATOR'] }, pages: true },
  );
  await ready(scene);
  await kinds(scene);
  await operators(scene);
  await narrowed(scene);
  await roles(scene);
  await refused(scene);
  await scene.end();
}

/**
 * A feed of somebody, on a socket of its own.
 * @param {Scene} scene
 * @param {Employee | import('../lib/people.mjs').Visitor} who
 * @param {{ liveChatId?: string }} [variables]
 * @param {string} [query]
 */
function follow(scene, who, variables, query) {
  const socket = line(scene.company.origin, who.token);
  const feed = `subscription ($liveChatId: ID) { sessions(liveChatId: $liveChatId) { ${CHANGE} } }`;
  const inbox = listen(socket, 'a feed', { query: query ?? feed, variables });
  return { socket, inbox, end: () => socket.client.dispose() };
}

/**
 * The next change of a session that somebody is told of.
 * @param {Employee} who
 * @param {Case} one
 * @param {string} kind
 */
const told = (who, one, kind) =>
  who.sessions.next(
    `${kind} of ${one.name}`,
    (change) => change.kind === kind && (change.session?.id ?? change.removedId) === one.id,
  );

/** @param {Scene} scene */
async function ready(scene) {
  const { ann, sue, eve } = scene.people;
  chapter('READY');

  await step('is the first, with no session', async () => {
    const feed = follow(scene, ann);
    await feed.inbox.next('the first');
    const { kind, session, removedId, version } = feed.inbox.all[0];
    equal([kind, session, removedId], ['READY', null, null], 'it');
    holds(/^\d{32}$/.test(version), `${version} is 32 digits`);
    await feed.end();
  });
  await step('comes again after a reconnection', async () => {
    const feed = follow(scene, ann);
    await feed.inbox.next('the first');
    feed.socket.breakOff();
    await feed.inbox.next('the second', ({ kind }) => kind === 'READY');
    equal(feed.socket.acknowledged(), 2, 'how many connections there were');
    await feed.end();
  });
  await step('comes again when my roles change', async () => {
    await scene.company.appoint('eve', ['OPERATOR'], 'Desk');
    await eve.sessions.next('READY', ({ kind }) => kind === 'READY');
    await scene.company.appoint('eve', []);
  });
  await step('a list that is read after it misses nothing', async () => {
    const clients = Array.from({ length: 8 }, () => scene.client());
    const writing = Promise.all(clients.map(({ write }) => write()));
    const feed = follow(scene, ann);
    await feed.inbox.next('READY', ({ kind }) => kind === 'READY');
    const listed = (await scene.group(ann, 'QUEUE')).map(({ name }) => name);
    await writing;
    await eventually('all of them, listed or pushed', () => {
      const pushed = feed.inbox.all.map(({ session }) => session?.name);
      return clients.every(({ name }) => listed.includes(name) || pushed.includes(name));
    });
    await feed.end();
    for (const { id } of await scene.found(sue, clients)) {
      await scene.act(sue, 'closeSession', { sessionId: id });
    }
  });
}

/** @param {Scene} scene */
async function kinds(scene) {
  const { ann, bob, sue, dan } = scene.people;
  const { company } = scene;
  const app = await company.ada.createApp(company.named('Orders'), 'REQUEST');
  await company.ada.setLiveChatApps(company.id(), [app]);
  chapter('Each kind, for those who supervise');
  const client = scene.client();
  /** @type {Case} */
  let one = { ...client, id: '' };
  const args = (more = {}) => ({ sessionId: one.id, ...more });
  const create = { appId: app, title: 'A chair' };

  await step('OPENED', async () => {
    await client.write();
    [one] = await scene.found(sue, [client]);
    for (const who of [sue, dan]) {
      const { session } = await told(who, one, 'OPENED');
      equal([session.state, session.name], ['QUEUED', one.name], `the session for ${who.as}`);
    }
  });
  /** @type {[what: string, kind: string, act: () => Promise<unknown>][]} */
  const acts = [
    ["of a client's message", 'MESSAGE', () => client.write('Second')],
    ['of a claim', 'CLAIMED', () => scene.act(ann, 'claimSession', args())],
    ['of a read mark', 'READ', () => scene.act(ann, 'markSessionRead', args({ upToSeq: 1 }))],
    ['of a reply', 'MESSAGE', () => scene.send(ann, one.id)],
    ['of another name', 'RENAMED', () => scene.act(ann, 'renameSession', args({ name: 'Named' }))],
    ['of a bound item', 'BOUND', () => scene.act(ann, 'createAndBindItem', args(create))],
    [
      'of an assignment',
      'ASSIGNED',
      () => scene.act(sue, 'assignSession', args({ employeeId: bob.id })),
    ],
    ['of a return', 'RETURNED', () => scene.act(bob, 'returnSession', args())],
    ['of a close', 'CLOSED', () => scene.act(sue, 'closeSession', args())],
    [
      'of another name of the closed one',
      'RENAMED',
      () => scene.act(sue, 'renameSession', args({ name: 'Done' })),
    ],
  ];
  for (const [what, kind, act] of acts) {
    await step(`${kind} ${what}, with the session as it is`, async () => {
      await act();
      const { version, state, operator, name } = await scene.session(sue, one.id);
      for (const who of [sue, dan]) {
        const change = await told(who, one, kind);
        const seen = change.session;
        equal([seen.version, seen.state, seen.name], [version, state, name], `for ${who.as}`);
        equal(seen.operator?.id, operator?.id, `whose it is, for ${who.as}`);
        equal(change.removedId, null, 'removedId');
      }
    });
  }
}

/** @param {Scene} scene */
async function operators(scene) {
  const { ann, bob, sue, eve } = scene.people;
  chapter('For operators');
  const one = await scene.queued(sue);
  const seen = (/** @type {Employee} */ who, /** @type {Case} */ of) =>
    who.sessions.all.filter(({ session }) => session?.id === of.id).length;

  /** Waits until a feed has brought all that was done before. */
  const settled = async (/** @type {Employee} */ who) => {
    const sentinel = await scene.queued(sue, 'Sentinel');
    await told(who, sentinel, 'OPENED');
    await scene.act(sue, 'closeSession', { sessionId: sentinel.id });
  };

  await step('OPENED, of what comes into the queue', async () => {
    for (const who of [ann, bob]) await told(who, one, 'OPENED');
  });
  await step('REMOVED when another takes it, naming it, and by whom', async () => {
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    const { session, removedId, by } = await told(bob, one, 'REMOVED');
    equal([session, removedId], [null, one.id], 'what left');
    equal(by, { __typename: 'Employee', name: 'Ann' }, 'by whom it is taken');
  });
  await step('CLAIMED, and no REMOVED, for who took it', async () => {
    equal((await told(ann, one, 'CLAIMED')).session.operator.id, ann.id, 'whose it is');
    equal(
      ann.sessions.has(({ removedId }) => removedId === one.id),
      false,
      'whether it left',
    );
  });
  await step("nothing of what is another's", async () => {
    const before = seen(bob, one);
    await one.write('Only for ann');
    await scene.send(ann, one.id);
    await scene.act(ann, 'renameSession', { sessionId: one.id, name: 'Named' });
    await settled(bob);
    equal(seen(bob, one), before, 'how often it came');
  });
  await step('a return to the queue brings it back', async () => {
    await scene.act(ann, 'returnSession', { sessionId: one.id });
    const { session } = await told(bob, one, 'RETURNED');
    equal([session.state, session.name], ['QUEUED', 'Named'], 'the session');
  });
  await step('REMOVED when a reply takes it, and by whom', async () => {
    await scene.send(bob, one.id);
    equal((await told(ann, one, 'REMOVED')).by?.name, 'Bob', 'by whom it is taken');
  });
  await step(
    'REMOVED for who gave it away, and who has it now; ASSIGNED for that one',
    async () => {
      await scene.act(bob, 'assignSession', { sessionId: one.id, employeeId: ann.id });
      equal((await told(ann, one, 'ASSIGNED')).session.operator.id, ann.id, 'whose it is');
      const { session, removedId } = await told(bob, one, 'REMOVED');
      equal([session, removedId], [null, one.id], 'what left');
    },
  );
  await step('CLOSED for who had it, who still sees it', async () => {
    await scene.act(sue, 'closeSession', { sessionId: one.id });
    equal((await told(ann, one, 'CLOSED')).session.state, 'CLOSED', 'the session');
  });
  await step('REMOVED when it is closed in the queue', async () => {
    const waits = await scene.queued(sue);
    await told(bob, waits, 'OPENED');
    await scene.act(sue, 'closeSession', { sessionId: waits.id });
    equal((await told(bob, waits, 'REMOVED')).removedId, waits.id, 'what left');
  });
  await step('REMOVED when it is assigned from the queue: `by` says who took it', async () => {
    const waits = await scene.queued(sue);
    await told(bob, waits, 'OPENED');
    await scene.act(sue, 'assignSession', { sessionId: waits.id, employeeId: ann.id });
    equal((await told(bob, waits, 'REMOVED')).by?.name, 'Ann', 'by whom it is taken');
  });
  await step('nothing of live chats where I have no role', () =>
    equal(seen(eve, one), 0, 'how often it came to eve'),
  );
}

/** @param {Scene} scene */
async function narrowed(scene) {
  const { bob, sue } = scene.people;
  chapter('Of one live chat');
  await step('nothing of another comes, and all of that one', async () => {
    const deliver = await scene.company.webhook('Elsewhere');
    const feed = follow(scene, bob, { liveChatId: scene.liveChatId });
    await feed.inbox.next('READY');
    const from = { id: '1', name: `Elsewhere ${scene.company.run}` };
    await deliver({ messageId: '1', from, text: 'Over here' });
    await bob.sessions.next('the other one', ({ session }) => session?.name === from.name);
    const one = await scene.queued(sue);
    await feed.inbox.next('OPENED', ({ session }) => session?.id === one.id);
    equal(
      feed.inbox.has(({ session }) => session?.name === from.name),
      false,
      'the other one',
    );
    await feed.end();
  });
}

/** @param {Scene} scene */
async function roles(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('When a role is gone');
  await step('nothing of that live chat comes any more, from then on', async () => {
    await scene.company.appoint('bob', [], 'Desk');
    const told = bob.sessions.all.length;
    const one = await scene.queued(sue);
    await ann.sessions.next('OPENED', ({ session }) => session?.id === one.id);
    const deliver = await scene.company.webhook('Elsewhere');
    const from = { id: '2', name: `Later ${scene.company.run}` };
    await deliver({ messageId: '2', from, text: 'Over here' });
    await bob.sessions.next('what is still his', ({ session }) => session?.name === from.name);
    const sessions = bob.sessions.all.slice(told).map(({ session }) => session?.id);
    equal(sessions.includes(one.id), false, 'whether it came to bob');
    equal(ids(await scene.group(ann, 'QUEUE')).includes(one.id), true, 'whether it waits');
  });
}

/** @param {Scene} scene */
async function refused(scene) {
  const { sue } = scene.people;
  chapter('What is refused');
  for (const selection of [
    'session { messages(first: 1) { nodes { id } } }',
    'session { client { sessions(first: 1) { nodes { id } } } }',
    'session { liveChat { sessions(group: QUEUE, first: 1) { nodes { id } } } }',
  ]) {
    await step(`a connection under it: ${selection}`, async () => {
      const feed = follow(scene, sue, {}, `subscription { sessions { kind ${selection} } }`);
      const error = await eventually('an error', () => feed.inbox.error);
      const [{ extensions }] = /** @type {any} */ (error);
      equal(extensions.code, 'BAD_USER_INPUT', 'its code');
      equal(feed.inbox.all, [], 'what came');
      await feed.end();
    });
  }
  await step('a client has no feed of sessions: FORBIDDEN', async () => {
    const zoe = await scene.company.visitor('Zoe');
    const feed = follow(scene, zoe);
    const error = await eventually('an error', () => feed.inbox.error);
    equal(/** @type {any} */ (error)[0]?.extensions?.code, 'FORBIDDEN', 'its code');
    await feed.end();
  });
}
