// @ts-check
// The dialog: one order over all sessions with a client.

import { ids } from '../lib/connection.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { tell } from '../lib/story.mjs';

/** @typedef {import('../lib/story.mjs').Story} Story */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
  });
  const story = await tell(scene);
  await order(scene, story);
  await boundaries(scene, story);
  await crowd(scene);
  await scene.end();
}

/**
 * @param {Scene} scene
 * @param {Story} story
 */
async function order(scene, { entries, third }) {
  const { ann, bob } = scene.people;
  chapter('One order');
  await step('all entries of all sessions, oldest to newest', () =>
    equal(
      entries.map(({ kind, text, event }) => [kind, event?.kind ?? text]),
      [
        ['CLIENT', 'Good morning'],
        ['EVENT', 'CLAIMED'],
        ['OPERATOR', 'Good morning to you'],
        ['NOTE', 'Kind'],
        ['CLIENT', 'Thank you'],
        ['EVENT', 'CLOSED'],
        ['CLIENT', 'Me again'],
        ['EVENT', 'CLOSED'],
        ['CLIENT', 'And again'],
        ['CLIENT', 'Hello?'],
        ['NOTE', 'Who takes it?'],
      ],
      'the dialog',
    ),
  );
  await step('seq is dense over the dialog, from 1, notes and events included', () =>
    equal(
      entries.map(({ seq }) => seq),
      entries.map((_, at) => at + 1),
      'seq',
    ),
  );
  await step('each entry has its author and time', () => {
    const client = 'Client';
    const authors = [
      client,
      'Ann',
      'Ann',
      'Ann',
      client,
      'Ann',
      client,
      'Sue',
      client,
      client,
      'Sue',
    ];
    equal(
      entries.map(({ author }) => (author.__typename === 'Client' ? client : author.name)),
      authors,
      'the authors',
    );
    holds(
      entries.every(({ author }) => author.name !== ''),
      'they have names',
    );
    holds(
      entries.every(({ sentAt }) => !Number.isNaN(Date.parse(sentAt))),
      'they have times',
    );
  });
  await step('each message has the channel it came by, notes and events none', () => {
    for (const { kind, channel, seq } of entries) {
      const isMessage = kind === 'CLIENT' || kind === 'OPERATOR';
      equal(channel?.kind ?? null, isMessage ? 'WEBHOOK' : null, `the channel of ${seq}`);
    }
  });
  await step('everybody who sees the session reads the same', async () => {
    for (const who of [ann, bob]) equal(await scene.dialog(who, third.id), entries, who.as);
  });
}

/**
 * @param {Scene} scene
 * @param {Story} story
 */
async function boundaries(scene, { entries, first, second, third }) {
  const { ann, bob, sue } = scene.people;
  chapter('Sessions of one dialog');
  await step('the session of an entry changes at the boundaries', () =>
    equal(
      entries.map(({ session }) => [first, second, third].findIndex(({ id }) => id === session.id)),
      [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2],
      'of which session each is',
    ),
  );
  await step('the dialog of an earlier session ends with it', async () => {
    equal(await scene.dialog(sue, first.id), entries.slice(0, 6), 'of the first');
    equal(await scene.dialog(sue, second.id), entries.slice(0, 8), 'of the second');
  });
  await step(
    'an earlier one that is readable through a later one is read like that one',
    async () => {
      equal(await scene.dialog(bob, first.id), entries.slice(0, 6), 'of the first, for bob');
    },
  );
  await step('a later one is not visible through an earlier one', async () => {
    await scene.act(bob, 'claimSession', { sessionId: third.id });
    equal(await scene.session(ann, third.id), null, 'the third, for ann');
    equal(ids(await scene.dialog(ann, first.id)), ids(entries.slice(0, 6)), 'what ann reads');
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    const { node } = await scene.ask(ann, query, { id: entries[8].id });
    equal(node, null, 'a message of the third, for ann');
    await scene.act(bob, 'returnSession', { sessionId: third.id });
  });
  await step('a message by its id brings its session', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { ... on Message { seq session { id } } } }';
    const { node } = await scene.ask(bob, query, { id: entries[4].id });
    equal(node, { seq: 5, session: { id: first.id } }, 'the message');
  });
}

/** @param {Scene} scene */
async function crowd(scene) {
  const { ann, sue } = scene.people;
  chapter('Many at once');
  await step('client, operator and supervisor at once: dense, each once, none lost', async () => {
    const one = await scene.assigned(ann);
    const texts = [1, 2, 3, 4].flatMap((at) => [`client ${at}`, `reply ${at}`, `note ${at}`]);
    await Promise.all(
      texts.map((text) => {
        if (text.startsWith('client')) return one.write(text);
        return text.startsWith('reply')
          ? scene.send(ann, one.id, text)
          : scene.note(sue, one.id, text);
      }),
    );
    const entries = await scene.dialog(sue, one.id);
    equal(
      entries.map(({ seq }) => seq),
      entries.map((_, at) => at + 1),
      'seq',
    );
    equal(
      entries
        .slice(2)
        .map(({ text }) => text)
        .sort(),
      texts.sort(),
      'what came',
    );
  });
}
