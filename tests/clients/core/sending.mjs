// @ts-check
// Sending once, however often it is tried, and within bounds: replies and notes.

import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { visit } from '../lib/visit.mjs';

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
    dan: ['OPERATOR', 'SUPERVISOR'],
  });
  await keys(scene);
  await bounds(scene);
  await scene.end();
}

/** @param {Scene} scene */
async function keys(scene) {
  const { ann, bob, dan, sue } = scene.people;
  chapter('The clientMessageId');
  const { id, reads } = await visit(scene, 'Vera');
  await scene.act(ann, 'claimSession', { sessionId: id });
  const args = { sessionId: id, text: 'Once', clientMessageId: 'once' };
  const first = (await scene.act(ann, 'sendMessage', args)).message;
  const unchanged = async (/** @type {() => Promise<unknown>} */ act) => {
    const before = await scene.marks(sue, [id]);
    await act();
    equal(await scene.marks(sue, [id]), before, 'the version and the last number');
  };

  await step('sent again it returns the first message, and adds nothing', () =>
    unchanged(async () => {
      equal((await scene.act(ann, 'sendMessage', args)).message, first, 'the message');
    }),
  );
  await step('ten times at once it is one message', async () => {
    const ten = { sessionId: id, text: 'Ten', clientMessageId: 'ten' };
    const sent = await Promise.all(
      Array.from({ length: 10 }, () => scene.act(ann, 'sendMessage', ten)),
    );
    equal(new Set(sent.map(({ message }) => message.id)).size, 1, 'how many messages');
    const texts = (await reads()).map((/** @type {any} */ one) => one.text);
    equal(texts, ['Good morning', 'Once', 'Ten'], 'what the client reads');
  });
  await step('with another text: KEY_REUSED', () =>
    unchanged(() => scene.refused(ann, 'sendMessage', { ...args, text: 'Twice' }, 'KEY_REUSED')),
  );
  await step('with another quote: KEY_REUSED', () =>
    unchanged(() =>
      scene.refused(ann, 'sendMessage', { ...args, replyToId: first.id }, 'KEY_REUSED'),
    ),
  );
  await step("another's same key is another key", async () => {
    const { message } = await scene.act(dan, 'addNote', { ...args, text: "Dan's" });
    equal([message.author.id, message.text], [dan.id, "Dan's"], 'the note');
  });
  await step('a note sent again is the first note', async () => {
    const note = { sessionId: id, text: 'A note', clientMessageId: 'note' };
    const { message } = await scene.act(ann, 'addNote', note);
    await unchanged(async () =>
      equal((await scene.act(ann, 'addNote', note)).message.id, message.id, 'the note'),
    );
    await unchanged(() => scene.refused(ann, 'addNote', { ...note, text: 'B' }, 'KEY_REUSED'));
  });
  await step('a repeated one comes offline as well', async () => {
    await scene.go(ann, 'OFFLINE');
    equal((await scene.act(ann, 'sendMessage', args)).message.id, first.id, 'the message');
    await scene.refused(ann, 'sendMessage', { ...args, text: 'Twice' }, 'KEY_REUSED');
    await scene.go(ann, 'ONLINE');
  });
  await step(
    'a repeated one comes when the session is given away; session is null then',
    async () => {
      await scene.act(sue, 'assignSession', { sessionId: id, employeeId: bob.id });
      const { message, session } = await scene.act(ann, 'sendMessage', args);
      equal([message?.id, session], [first.id, null], 'the answer');
      await scene.refused(ann, 'sendMessage', { ...args, text: 'Twice' }, 'KEY_REUSED');
    },
  );
  await step('a repeated one comes when the session is closed', async () => {
    await scene.act(bob, 'closeSession', { sessionId: id });
    await unchanged(async () =>
      equal((await scene.act(ann, 'sendMessage', args)).message?.id, first.id, 'the message'),
    );
  });
}

/** @param {Scene} scene */
async function bounds(scene) {
  const { ann, sue } = scene.people;
  chapter('Bounds');
  const { id } = await scene.assigned(ann);
  for (const act of /** @type {const} */ (['sendMessage', 'addNote'])) {
    await step(`${act}: a text of 1 and of 8000 code points is good`, async () => {
      for (const text of ['a', 'ä'.repeat(8000), '😀'.repeat(8000)]) {
        const args = { sessionId: id, text, clientMessageId: crypto.randomUUID() };
        equal((await scene.act(ann, act, args)).message.text, text, 'the text');
      }
    });
    for (const [
      field,
      args,
    ] of /** @type {[string, { text?: string, clientMessageId?: string }][]} */ ([
      ['text', { text: '' }],
      ['text', { text: 'a'.repeat(8001) }],
      ['text', { text: '😀'.repeat(8001) }],
      ['clientMessageId', { clientMessageId: '' }],
      ['clientMessageId', { clientMessageId: 'k'.repeat(101) }],
    ])) {
      const [[, value]] = Object.entries(args);
      await step(`${act}: a ${field} of ${[...value].length} code points is INVALID`, async () => {
        const before = await scene.marks(sue, [id]);
        const whole = { sessionId: id, text: 'A', clientMessageId: 'k', ...args };
        const { error } = await scene.refused(ann, act, whole, 'INVALID');
        equal(error.field, [field], 'the field');
        equal(await scene.marks(sue, [id]), before, 'the version and the last number');
      });
    }
    await step(`${act}: a clientMessageId of 100 code points is good`, async () => {
      const clientMessageId = '😀'.repeat(99) + (act === 'addNote' ? 'n' : 's');
      const { message } = await scene.act(ann, act, { sessionId: id, text: 'A', clientMessageId });
      equal(message.clientMessageId, clientMessageId, 'the key');
    });
  }
  await step('too fast is refused: LIMIT, and nothing of it is stored', async () => {
    const busy = await scene.assigned(ann);
    /** @type {Map<string, string | null>} */
    const answers = new Map();
    const lane = async (/** @type {number} */ number) => {
      for (let at = 0; at < 12; at += 1) {
        const text = `Message ${at} of ${number}`;
        const args = { sessionId: busy.id, text, clientMessageId: text };
        // Who is told that the service is busy tries again, under the same key.
        do {
          const { refusal, faults } = await scene.attempt(ann, 'sendMessage', args);
          answers.set(text, refusal ?? faults[0] ?? null);
        } while (answers.get(text) === 'UNAVAILABLE');
      }
    };
    const began = performance.now();
    await Promise.all([1, 2, 3, 4].map(lane));
    const seconds = (performance.now() - began) / 1000;
    const sent = [...answers].filter(([, code]) => code === null).map(([text]) => text);
    const others = [...answers.values()].filter((code) => code !== null && code !== 'LIMIT');
    equal(others, [], 'other refusals');
    holds(sent.length <= 20 + 5 * seconds, `${sent.length} in ${seconds} s are not too many`);
    holds(sent.length >= 19, `${sent.length} are the burst that is allowed`);
    const stored = (await scene.dialog(ann, busy.id)).filter(({ kind }) => kind === 'OPERATOR');
    equal(stored.map(({ text }) => text).sort(), sent.sort(), 'what is stored');
  });
}
