// @ts-check
// Following a dialog: what was missed, then what comes.

import { equal, eventually, holds } from '../lib/expect.mjs';
import { FOLLOW, follow, isLive, range, seqs } from '../lib/following.mjs';
import { Scene } from '../lib/scene.mjs';
import { follow as followOn, line, listen } from '../lib/socket.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** How far behind one may be. */
const BEHIND = 500;

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
    dan: ['OPERATOR', 'SUPERVISOR'],
  });
  // This takes long, so it goes on beside the others.
  const growing = grow(scene);
  await live(scene);
  await replay(scene);
  await upToHere(scene);
  await breaks(scene);
  await behind(scene, await growing);
  await scene.end();
}

/** @param {Scene} scene */
async function live(scene) {
  const { ann, sue, dan } = scene.people;
  chapter('Without afterSeq');
  await step('live only: nothing of what stood there, and all that comes, in order', async () => {
    const one = await scene.assigned(ann);
    await scene.send(ann, one.id);
    const following = follow(scene, ann, one.id);
    await isLive(scene, following, one.id);
    const first = following.inbox.all[0].seq;
    holds(first > 3, `${first} came after what stood there`);
    await one.write('Live');
    await following.inbox.next('the message', ({ text }) => text === 'Live');
    equal(seqs(following.inbox), range(first, following.inbox.all.at(-1).seq), 'what came');
    await following.end();
  });
  await step('messages, notes and events come whole, as they are read, to everybody', async () => {
    const one = await scene.assigned(ann);
    const all = [ann, sue, dan].map((who) => follow(scene, who, one.id));
    for (const following of all) await isLive(scene, following, one.id);
    await one.write('A message');
    const { message } = await scene.send(ann, one.id, 'A reply');
    await scene.send(ann, one.id, 'Quoting', { replyToId: message.id });
    await scene.act(sue, 'renameSession', { sessionId: one.id, name: 'Named' });
    await scene.note(dan, one.id, 'The last');
    const entries = await scene.dialog(sue, one.id);
    for (const { inbox, end } of all) {
      await inbox.next('the last', ({ text }) => text === 'The last');
      const came = new Map(inbox.all.map((entry) => [entry.seq, entry]));
      const first = inbox.all[0].seq;
      equal([...came.values()], entries.slice(first - 1), 'what came');
      await end();
    }
  });
}

/** @param {Scene} scene */
async function replay(scene) {
  const { ann, sue } = scene.people;
  chapter('With afterSeq');
  const earlier = await scene.closed(ann);
  await earlier.write('Again');
  const [one] = await scene.found(sue, [earlier]);
  await scene.act(ann, 'claimSession', { sessionId: one.id });
  await scene.note(ann, one.id);
  const stood = await scene.dialog(ann, one.id);

  await step('0: the whole dialog with its earlier sessions, in order, then live', async () => {
    const { inbox, end } = follow(scene, ann, one.id, 0);
    await inbox.next('the last of what stood there', ({ seq }) => seq === stood.length);
    equal(inbox.all.slice(0, stood.length), stood, 'what stood there');
    await one.write('Live');
    await inbox.next('what comes', ({ text }) => text === 'Live');
    equal(seqs(inbox), range(1, stood.length + 1), 'what came');
    await end();
  });
  await step('4: all after the fourth, and nothing before', async () => {
    const { inbox, end } = follow(scene, ann, one.id, 4);
    await inbox.next('the last', ({ text }) => text === 'Live');
    equal(seqs(inbox), range(5, stood.length + 1), 'what came');
    await end();
  });
  await step('that of the last: live only', async () => {
    const last = stood.length + 1;
    const following = follow(scene, ann, one.id, last);
    await isLive(scene, following, one.id);
    equal(following.inbox.all[0].seq, last + 1, 'the first that came');
    await following.end();
  });
  await step('while more comes: in order all the same, and nothing is lost', async () => {
    const { socket, inbox: first, end } = follow(scene, ann, one.id, 0);
    await first.next('the first, on a socket that is open now');
    const operation = { query: FOLLOW, variables: { id: one.id, afterSeq: 0 } };
    const all = [first];
    for (let at = 0; at < 24; at += 1) {
      if (at < 20) all.push(listen(socket, 'a dialog', operation));
      await scene.note(sue, one.id, `Note ${at}`);
    }
    for (const inbox of all) {
      const { seq } = await inbox.next('the last', ({ text }) => text === 'Note 23');
      await eventually('all of them', () => seqs(inbox).length === seq);
      equal(seqs(inbox), range(1, seq), 'what came');
    }
    await end();
  });
}

/** @param {Scene} scene */
async function upToHere(scene) {
  const { ann, sue } = scene.people;
  chapter('Up to this session');
  await step('nothing of a later session comes to who follows an earlier one', async () => {
    const one = await scene.closed(ann);
    const following = follow(scene, ann, one.id, 0);
    await following.inbox.next('the close', ({ event }) => event?.kind === 'CLOSED');
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    const next = follow(scene, ann, again.id, 0);
    await next.inbox.next('the message', ({ text }) => text === 'Again');
    await scene.note(sue, again.id, 'And a note');
    await next.inbox.next('the note', ({ text }) => text === 'And a note');
    equal(seqs(following.inbox), [1, 2, 3], 'what came of the earlier one');
    equal(following.inbox.error, undefined, 'how it ended');
    await Promise.all([following.end(), next.end()]);
  });
}

/** @param {Scene} scene */
async function breaks(scene) {
  const { ann, sue } = scene.people;
  chapter('After a break');
  await step('the stock client goes on after its last: no hole, and nothing twice', async () => {
    const one = await scene.assigned(ann);
    const socket = line(scene.company.origin, ann.token);
    const inbox = followOn(socket, 'a dialog', FOLLOW, { id: one.id, afterSeq: 0 });
    await inbox.next('the claim', ({ seq }) => seq === 2);
    for (let at = 0; at < 3; at += 1) {
      /** @type {(value?: unknown) => void} */
      let release = () => {};
      socket.holdBack(new Promise((resolve) => (release = resolve)));
      socket.breakOff();
      await scene.note(sue, one.id, `Missed ${at}`);
      await scene.send(ann, one.id, `Missed as well ${at}`);
      release();
      await inbox.next('what was missed', ({ text }) => text === `Missed as well ${at}`);
    }
    equal(
      inbox.all.map(({ seq }) => seq),
      range(1, 8),
      'what came',
    );
    equal(socket.acknowledged(), 4, 'how many connections there were');
    await socket.client.dispose();
  });
}

/**
 * A session with 500 entries after its first.
 * @param {Scene} scene
 */
async function grow(scene) {
  const { sue } = scene.people;
  const { id } = await scene.queued(sue);
  for (let at = 0; at < BEHIND; at += 1) {
    await scene.act(sue, 'renameSession', { sessionId: id, name: at % 2 ? 'A' : 'B' });
  }
  return id;
}

/**
 * @param {Scene} scene
 * @param {string} id of the session
 */
async function behind(scene, id) {
  const { sue } = scene.people;
  chapter('Far behind');
  await step('500 behind: all of them come, in order', async () => {
    const { inbox, end } = follow(scene, sue, id, 1);
    await inbox.next('the last', ({ seq }) => seq === BEHIND + 1);
    equal(seqs(inbox), range(2, BEHIND + 1), 'what came');
    await end();
  });
  await step('more than 500 behind: the error RESYNC, and nothing before it', async () => {
    const { inbox, end } = follow(scene, sue, id, 0);
    const errors = /** @type {any} */ (await eventually('an error', () => inbox.error));
    equal(
      errors.map((/** @type {any} */ one) => one.extensions?.code),
      ['RESYNC'],
      'the codes',
    );
    equal(inbox.all, [], 'what came');
    await end();
  });
}
