// @ts-check
// What a session tells of itself.

import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { visit } from '../lib/visit.mjs';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
  });
  await life(scene);
  await versions(scene);
  await waiting(scene);
  await previews(scene);
  await channels(scene);
  await ids(scene);
  await scene.end();
}

/** @param {Scene} scene */
async function life(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('From its opening to its close');
  const one = await scene.queued(sue);
  const opened = await scene.session(sue, one.id);

  await step('it is named by the display name of the client, if nothing else is said', () =>
    equal([opened.name, opened.client.name], [one.name, one.name], 'its name'),
  );
  await step('queued: new, nobody’s, open', () =>
    equal(
      [opened.state, opened.isNew, opened.operator, opened.closedAt],
      ['QUEUED', true, null, null],
      'the session',
    ),
  );
  await step('times are RFC 3339 in UTC with milliseconds', () => {
    for (const time of [opened.firstMessageAt, opened.lastMessageAt, opened.waitingSince]) {
      holds(TIME.test(time), `${time} is one`);
    }
  });
  await step('firstMessageAt is of this session’s first message, and stays', async () => {
    equal(opened.firstMessageAt, opened.lastMessageAt, 'of the only message');
    await one.write('Second');
    const session = await scene.session(sue, one.id);
    equal(session.firstMessageAt, opened.firstMessageAt, 'with a second');
  });
  await step('lastMessageAt moves by messages of the client', async () => {
    const session = await scene.session(sue, one.id);
    holds(session.lastMessageAt > opened.lastMessageAt, 'it moved with the second');
  });
  await step('assigned: not new, with its operator', async () => {
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    const { state, isNew, operator } = await scene.session(sue, one.id);
    equal([state, isNew, operator], ['ASSIGNED', false, { id: ann.id, name: 'Ann' }], 'it');
  });
  await step('lastMessageAt does not move by events and notes', async () => {
    const before = await scene.session(sue, one.id);
    await scene.note(ann, one.id);
    await scene.act(ann, 'renameSession', { sessionId: one.id, name: 'Named' });
    await scene.act(sue, 'assignSession', { sessionId: one.id, employeeId: bob.id });
    const after = await scene.session(sue, one.id);
    equal(after.lastMessageAt, before.lastMessageAt, 'lastMessageAt');
    equal(after.name, 'Named', 'the name');
  });
  await step('lastMessageAt moves by messages of the operator', async () => {
    const before = await scene.session(sue, one.id);
    await scene.send(bob, one.id);
    const after = await scene.session(sue, one.id);
    holds(after.lastMessageAt > before.lastMessageAt, 'it moved');
  });
  await step('returned: new again, and nobody’s', async () => {
    await scene.act(bob, 'returnSession', { sessionId: one.id });
    const { state, isNew, operator } = await scene.session(sue, one.id);
    equal([state, isNew, operator], ['QUEUED', true, null], 'it');
  });
  await step('closed: with who had it at the close, and when that was', async () => {
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    await scene.act(sue, 'closeSession', { sessionId: one.id });
    const { state, isNew, operator, closedAt } = await scene.session(sue, one.id);
    equal([state, isNew, operator.id], ['CLOSED', false, ann.id], 'it');
    holds(TIME.test(closedAt), `${closedAt} is a time`);
  });
  await step('closed in the queue: nobody had it', async () => {
    const { id } = await scene.queued(sue);
    await scene.act(sue, 'closeSession', { sessionId: id });
    const { state, operator } = await scene.session(sue, id);
    equal([state, operator], ['CLOSED', null], 'it');
  });
  await step('firstMessageAt of the next session is of its own first message', async () => {
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    const [before, after] = [await scene.session(sue, one.id), await scene.session(sue, again.id)];
    holds(after.firstMessageAt > before.closedAt, 'it is later than the close');
    equal(after.firstMessageAt, after.lastMessageAt, 'of the only message');
  });
}

/** @param {Scene} scene */
async function versions(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('Its version');
  const one = await scene.queued(sue);
  const sessionId = one.id;
  /** @type {string[]} */
  const seen = [(await scene.session(sue, one.id)).version];

  await step('is 32 digits', () => holds(/^\d{32}$/.test(seen[0]), `${seen[0]} is that`));
  for (const [what, act] of /** @type {[string, () => Promise<unknown>][]} */ ([
    ['a message of the client', () => one.write('Second')],
    ['a claim', () => scene.act(ann, 'claimSession', { sessionId })],
    [
      'a read mark of the operator',
      () => scene.act(ann, 'markSessionRead', { sessionId, upToSeq: 2 }),
    ],
    [
      'an unread mark of the operator',
      () => scene.act(ann, 'markSessionUnread', { sessionId, fromSeq: 2 }),
    ],
    ['a reply', () => scene.send(ann, one.id)],
    ['a note', () => scene.note(ann, one.id)],
    ['another name', () => scene.act(ann, 'renameSession', { sessionId, name: 'Named' })],
    ['an assignment', () => scene.act(sue, 'assignSession', { sessionId, employeeId: bob.id })],
    ['a return', () => scene.act(bob, 'returnSession', { sessionId })],
    ['a close', () => scene.act(sue, 'closeSession', { sessionId })],
    [
      'another name of the closed one',
      () => scene.act(sue, 'renameSession', { sessionId, name: 'Done' }),
    ],
  ])) {
    await step(`rises with ${what}`, async () => {
      await act();
      const { version } = await scene.session(sue, one.id);
      holds(version > (seen.at(-1) ?? ''), `${version} is greater than ${seen.at(-1)}`);
      seen.push(version);
    });
  }
  await step('is the same for everybody, and in what an act answers', async () => {
    const { id } = await scene.queued(sue);
    const { session } = await scene.act(ann, 'claimSession', { sessionId: id });
    const versions = await Promise.all([ann, sue].map((who) => scene.session(who, id)));
    equal(
      versions.map(({ version }) => version),
      [session.version, session.version],
      'it',
    );
  });
}

/** @param {Scene} scene */
async function waiting(scene) {
  const { ann, sue } = scene.people;
  chapter('waitingSince');
  const one = await scene.queued(sue);
  const since = async () => (await scene.session(sue, one.id)).waitingSince;
  const opened = await scene.session(sue, one.id);

  await step('is the time of the client’s oldest message without an answer', async () => {
    equal(opened.waitingSince, opened.firstMessageAt, 'with one message');
    await one.write('Second');
    equal(await since(), opened.firstMessageAt, 'with two');
  });
  await step('stays with a claim, a note and a read mark', async () => {
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    await scene.note(ann, one.id);
    await scene.act(ann, 'markSessionRead', { sessionId: one.id, upToSeq: 2 });
    equal(await since(), opened.firstMessageAt, 'waitingSince');
  });
  await step('is null when it is the client’s turn', async () => {
    await scene.send(ann, one.id);
    equal(await since(), null, 'after an answer');
  });
  await step('is the time of the first message after the answer', async () => {
    await one.write('Third');
    const { lastMessageAt } = await scene.session(sue, one.id);
    equal(await since(), lastMessageAt, 'with the third message');
    await one.write('Fourth');
    equal(await since(), lastMessageAt, 'with the fourth');
  });
  await step('stays with a return to the queue', async () => {
    const before = await since();
    await scene.act(ann, 'returnSession', { sessionId: one.id });
    equal(await since(), before, 'waitingSince');
  });
}

/** @param {Scene} scene */
async function previews(scene) {
  const { ann, sue } = scene.people;
  chapter('Its preview');
  const one = await scene.assigned(ann);
  const preview = async () => (await scene.session(sue, one.id)).preview;

  await step('is the last message: of the client', async () => {
    const { channel, ...seen } = await preview();
    const [message] = await scene.dialog(sue, one.id);
    const { kind, text, sentAt } = message;
    equal(seen, { kind, authorName: one.name, text, sentAt }, 'the preview');
    equal([kind, channel.id], ['CLIENT', message.channel.id], 'the kind, and by which channel');
  });
  await step('is the last message: of the operator', async () => {
    const { message } = await scene.send(ann, one.id, 'An answer');
    const { kind, authorName, text, sentAt, channel } = await preview();
    equal([kind, authorName, text], ['OPERATOR', 'Ann', 'An answer'], 'the preview');
    equal([sentAt, channel.id], [message.sentAt, message.channel.id], 'when, and by which channel');
  });
  await step('has the text shortened', async () => {
    const text = `${'Long 😀 '.repeat(1000)}end`;
    await scene.send(ann, one.id, text);
    const seen = (await preview()).text;
    holds([...seen].length < 1000 && seen.length > 0, `${seen.length} is short`);
    holds(text.startsWith(seen.replace(/…$/, '')), 'it is the beginning of the text');
    holds(seen.isWellFormed(), 'no character is cut in two');
  });
}

/** @param {Scene} scene */
async function channels(scene) {
  const { ann, sue } = scene.people;
  const { company } = scene;
  chapter('The channel each message came by');
  const kinds = async (/** @type {string} */ id) => {
    await scene.send(ann, id);
    const { channel } = await scene.session(sue, id);
    const entries = await scene.dialog(sue, id);
    const messages = entries.filter(({ kind }) => kind === 'CLIENT' || kind === 'OPERATOR');
    equal(
      messages.map((one) => one.channel?.id),
      messages.map(() => channel.id),
      'of messages',
    );
    const rest = entries.filter((one) => !messages.includes(one));
    equal([rest.length > 0, rest.filter((one) => one.channel)], [true, []], 'of the others');
    return channel.kind;
  };
  await step('a webhook', async () => {
    equal(await kinds((await scene.queued(sue)).id), 'WEBHOOK', 'the kind');
  });
  await step('the widget', async () => {
    equal(await kinds((await visit(scene, 'Zoe')).id), 'WEB', 'the kind');
  });
  await step('inside the company', async () => {
    const bob = scene.people.bob;
    const query = `mutation ($id: ID!) {
      postMessage(liveChatId: $id, text: "From inside", clientMessageId: "inside") {
        userErrors { code }
      }
    }`;
    const { postMessage } = await scene.ask(bob, query, { id: company.id() });
    equal(postMessage.userErrors, [], 'refusals');
    const found = (await scene.group(sue, 'QUEUE')).find((one) => one.client.isInternal);
    equal(await kinds(found.id), 'INTERNAL', 'the kind');
    equal((await scene.session(ann, found.id)).viewerCanBind, false, 'whether it can be bound');
  });
}

/** @param {Scene} scene */
async function ids(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('By its id');
  const { id } = await scene.assigned(ann);
  const [{ id: message }] = await scene.dialog(ann, id);
  const query = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  const node = async (/** @type {{ token: string }} */ who, /** @type {string} */ of) =>
    (await scene.ask(who, query, { id: of })).node;
  await step('node brings sessions and messages to those who see them', async () => {
    for (const who of [ann, sue]) {
      equal(await node(who, id), { __typename: 'Session', id }, `the session for ${who.as}`);
      equal(await node(who, message), { __typename: 'Message', id: message }, 'a message');
    }
  });
  await step('node is null for who does not see them, and viewer.session as well', async () => {
    equal([await node(bob, id), await node(bob, message)], [null, null], 'for bob');
    equal(await scene.session(bob, id), null, 'viewer.session');
  });
}
