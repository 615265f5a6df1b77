// @ts-check
// Replies to the client: by whom, what they claim and read, under which key, quoting what.

import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { visit } from '../lib/visit.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(origin, {
    ann: ['OPERATOR'],
    bob: ['OPERATOR'],
    sue: ['SUPERVISOR'],
    dan: ['OPERATOR', 'SUPERVISOR'],
  });
  await byWhom(scene);
  await claiming(scene);
  await reads(scene);
  await quotes(scene);
  await scene.end();
}

/** @param {Scene} scene */
async function byWhom(scene) {
  const { ann, bob, sue, dan } = scene.people;
  chapter('By whom');
  const { id, reads } = await visit(scene, 'Zoe');
  await scene.act(ann, 'claimSession', { sessionId: id });

  await step(
    'the assigned operator writes to the client, who reads it under their name',
    async () => {
      const { message } = await scene.send(ann, id, 'Good morning to you');
      equal(message.text, 'Good morning to you', 'the message');
      const last = (await reads()).at(-1);
      equal(
        [last.text, last.author, last.seq],
        ['Good morning to you', { name: 'Ann', viewerIsAuthor: false }, 2],
        'what the client reads',
      );
    },
  );
  await step('the reply has kind, author, channel, key and session', async () => {
    const clientMessageId = crypto.randomUUID();
    const args = { sessionId: id, text: 'I am looking', clientMessageId };
    const { message, session } = await scene.act(ann, 'sendMessage', args);
    equal([message.kind, message.author.id], ['OPERATOR', ann.id], 'kind and author');
    equal(message.channel?.id, session.channel.id, 'the channel');
    equal([message.clientMessageId, message.session.id], [clientMessageId, id], 'key and session');
    equal([message.event, message.replyTo], [null, null], 'event and quote');
  });
  for (const [who, code] of /** @type {[Employee, string][]} */ ([
    [bob, 'ALREADY_CLAIMED'],
    [dan, 'ALREADY_CLAIMED'],
    [sue, 'FORBIDDEN'],
  ])) {
    await step(
      `only they: ${who.as} is refused with ${code}, and the client reads nothing`,
      async () => {
        const before = await reads();
        const args = { sessionId: id, text: 'Me too', clientMessageId: 'intruder' };
        const { message, claimedBy } = await scene.refused(who, 'sendMessage', args, code);
        const by = code === 'ALREADY_CLAIMED' ? ann.id : null;
        equal([message, claimedBy?.id ?? null], [null, by], 'the answer');
        equal(await reads(), before, 'what the client reads');
      },
    );
  }
}

/** @param {Scene} scene */
async function claiming(scene) {
  const { ann, bob, dan, sue } = scene.people;
  chapter('A reply to a queued session');

  await step('claims it, in one step', async () => {
    const { id } = await visit(scene, 'Yva');
    const [before] = await scene.marks(sue, [id]);
    const { session } = await scene.send(ann, id, 'I have it');
    equal([session.state, session.operator.id], ['ASSIGNED', ann.id], 'the session');
    const entries = (await scene.dialog(sue, id)).slice(before.messages.nodes[0].seq);
    equal(
      entries.map((one) => [one.kind, one.event?.kind ?? one.text, one.author.id]),
      [
        ['EVENT', 'CLAIMED', ann.id],
        ['OPERATOR', 'I have it', ann.id],
      ],
      'what was added to the dialog',
    );
  });
  await step(
    'of two who reply at once one has it, and only theirs reaches the client',
    async () => {
      const { id, reads } = await visit(scene, 'Xara');
      const both = [ann, bob];
      const tries = await Promise.all(
        both.map((who) =>
          scene.attempt(who, 'sendMessage', {
            sessionId: id,
            text: who.as,
            clientMessageId: 'both',
          }),
        ),
      );
      const winner = both.filter((_, at) => tries[at].refusal === null);
      equal(winner.length, 1, 'how many have it');
      const lost = tries[winner[0] === ann ? 1 : 0];
      equal(
        [lost.refusal, lost.payload.claimedBy?.id, lost.payload.message, lost.payload.session],
        ['ALREADY_CLAIMED', winner[0].id, null, null],
        'what the other is told',
      );
      const texts = (await reads()).map((/** @type {any} */ one) => one.text);
      equal(texts, ['Good morning', winner[0].as], 'what the client reads');
    },
  );
  await step('a refused one leaves it in the queue, unanswered', async () => {
    const { id, reads } = await visit(scene, 'Wim');
    const before = await scene.marks(sue, [id]);
    const note = await scene.note(dan, id);
    const quoting = {
      sessionId: id,
      text: 'No',
      clientMessageId: 'quoting',
      replyToId: note.message.id,
    };
    await scene.refused(ann, 'sendMessage', quoting, 'INVALID');
    const [after] = await scene.marks(sue, [id]);
    equal(after.messages.nodes[0].seq, before[0].messages.nodes[0].seq + 1, 'only the note came');
    equal((await scene.session(sue, id)).state, 'QUEUED', 'the session');
    equal((await reads()).length, 1, 'how much the client reads');
  });
}

/** @param {Scene} scene */
async function reads(scene) {
  const { ann, sue } = scene.people;
  chapter('What a reply reads');

  await step('all that stood there, without readUpToSeq', async () => {
    const one = await scene.assigned(ann);
    await one.write('Second');
    equal((await scene.session(sue, one.id)).unreadCount, 2, 'before');
    const { session } = await scene.send(ann, one.id);
    equal(session.unreadCount, 0, 'after');
  });
  await step('up to readUpToSeq, and no further', async () => {
    const one = await scene.assigned(ann);
    await one.write('Second');
    await one.write('Third');
    // 1 the first message, 2 the claim, 3 the second, 4 the third
    const { session } = await scene.send(ann, one.id, 'To the second', { readUpToSeq: 3 });
    equal([session.unreadCount, session.viewerReadSeq], [1, 3], 'what is unread, and the line');
  });
  await step('it never moves back', async () => {
    const one = await scene.assigned(ann);
    await scene.act(ann, 'markSessionRead', { sessionId: one.id, upToSeq: 2 });
    const { session } = await scene.send(ann, one.id, 'Again', { readUpToSeq: 0 });
    equal([session.unreadCount, session.viewerReadSeq >= 2], [0, true], 'what is unread');
  });
  await step('of a queued session as well: all', async () => {
    const one = await scene.queued(sue);
    await one.write('Second');
    const { session } = await scene.send(ann, one.id);
    equal(session.unreadCount, 0, 'what is unread');
  });
  await step('of a queued session as well: up to readUpToSeq', async () => {
    const one = await scene.queued(sue);
    await one.write('Second');
    const { session } = await scene.send(ann, one.id, 'To the first', { readUpToSeq: 1 });
    equal(session.unreadCount, 1, 'what is unread');
  });
  await step('a note reads nothing', async () => {
    const one = await scene.assigned(ann);
    const { session } = await scene.note(ann, one.id);
    equal(session.unreadCount, 1, 'what is unread');
  });
}

/** @param {Scene} scene */
async function quotes(scene) {
  const { ann, dan, sue } = scene.people;
  chapter('Quotes');
  const { id, reads } = await visit(scene, 'Una');
  await scene.act(ann, 'claimSession', { sessionId: id });
  const [asked, claimed] = await scene.dialog(ann, id);

  await step('a reply quotes a message of the client, who sees it', async () => {
    const { message } = await scene.send(ann, id, 'To that', { replyToId: asked.id });
    equal(message.replyTo?.id, asked.id, 'replyTo');
    const [first, last] = await reads();
    equal(
      [last.replyTo?.id, last.replyTo?.text],
      [first.id, 'Good morning'],
      'as the client has it',
    );
  });
  const { message: note } = await scene.note(dan, id, 'Not for the client');
  const others = await scene.assigned(ann);
  const [elsewhere] = await scene.dialog(ann, others.id);
  for (const [what, replyToId, codes] of /** @type {[string, string, string[]][]} */ ([
    ['a note', note.id, ['INVALID']],
    ['an event', claimed.id, ['INVALID']],
    ['a message of another dialog', elsewhere.id, ['INVALID', 'NOT_FOUND']],
    ['what is no id', 'nonsense', ['NOT_FOUND']],
  ])) {
    await step(
      `a reply never quotes ${what}: ${codes.join(' or ')}, and nothing is sent`,
      async () => {
        const before = [await scene.marks(sue, [id]), await reads()];
        const args = { sessionId: id, text: 'To that', clientMessageId: what, replyToId };
        const { refusal, faults } = await scene.attempt(ann, 'sendMessage', args);
        holds(codes.includes(refusal ?? ''), `${refusal ?? faults} is one of ${codes}`);
        equal([await scene.marks(sue, [id]), await reads()], before, 'the dialog');
      },
    );
  }
  await step('a refused quote is told by the field replyToId, whatever the code', async () => {
    for (const replyToId of [note.id, claimed.id, elsewhere.id, 'nonsense']) {
      const args = { sessionId: id, text: 'To that', clientMessageId: 'field', replyToId };
      const { payload } = await scene.attempt(ann, 'sendMessage', args);
      const { code, field } = payload.userErrors[0];
      equal(field, ['replyToId'], `the field of ${code}`);
    }
  });
  await step('a reply quotes a message of an earlier session of the dialog', async () => {
    const one = await scene.closed(ann, 'Comes again');
    const [earlier] = await scene.dialog(ann, one.id);
    await one.write('Again');
    const [again] = await scene.found(sue, [one]);
    const { message } = await scene.send(ann, again.id, 'As before', { replyToId: earlier.id });
    equal(message.replyTo?.id, earlier.id, 'replyTo');
  });
}
