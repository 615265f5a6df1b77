// @ts-check
// Taking sessions: the next, or one that was looked at; alone, and fifty at once.

import { ids } from '../lib/connection.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(
    origin,
    {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      bea: ['OPERATOR'],
      eve: ['OPERATOR'],
      kim: ['OPERATOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
      sue: ['SUPERVISOR'],
    },
    { elsewhere: { ann: ['OPERATOR'], bea: ['SUPERVISOR'] }, others: ['other/ann', 'ada'] },
  );
  await next(scene);
  await repeated(scene);
  await looking(scene);
  await raceForOne(scene);
  await raceForNext(scene);
  await scene.end();
}

/** @param {Scene} scene */
async function next(scene) {
  const { ann, bob, dan, sue, ada } = scene.people;
  const { liveChatId } = scene;
  const take = (/** @type {Employee} */ who, args = { liveChatId }) =>
    scene.act(who, 'claimNextSession', args).then(({ session }) => session);
  chapter('The next one');

  await step('session null and no error when none waits', async () => {
    equal(await take(ann), null, 'the session');
  });
  const [one, two, three] = await scene.queue(sue, 3);
  await step('an operator gets the one that waits longest, assigned to them', async () => {
    const session = await take(ann);
    equal([session.id, session.state, session.operator.id], [one.id, 'ASSIGNED', ann.id], 'it');
    const seen = await scene.session(sue, one.id);
    equal([seen.state, seen.operator.id], ['ASSIGNED', ann.id], 'as sue sees it');
  });
  await step('one that came back keeps its place, and is taken first', async () => {
    await scene.act(ann, 'returnSession', { sessionId: one.id });
    equal((await take(bob)).id, one.id, 'what bob gets');
  });
  await step('they are taken in the order in which the queue lists them', async () => {
    equal(ids(await scene.group(dan, 'QUEUE')), [two.id, three.id], 'the queue');
    equal([(await take(dan)).id, (await take(ann)).id], [two.id, three.id], 'what is taken');
    equal(await take(ann), null, 'and then');
  });
  await step('without a live chat: the longest waiting of all that I operate', async () => {
    const elsewhere = await scene.company.webhook('Elsewhere');
    const from = { id: '1', name: `Elsewhere ${scene.company.run}` };
    const here = await scene.queued(sue);
    await elsewhere({ messageId: '1', from, text: 'Over here' });
    const later = await scene.queued(sue);
    // Those that wait longer in live chats of others are not this part's.
    const mine = [scene.liveChatId, scene.company.id('Elsewhere')];
    const taken = [];
    while (taken.length < 3) {
      const session = await take(ann, /** @type {any} */ ({}));
      holds(session !== null, 'one waits');
      if (mine.includes(session.liveChat.id)) taken.push(session);
    }
    equal(
      taken.map(({ name }) => name),
      [here.name, from.name, later.name],
      'in the order of opening',
    );
  });
  await step('with a live chat: only of that one', async () => {
    const here = await scene.queued(sue);
    const of = { liveChatId: scene.company.id('Elsewhere') };
    equal(await take(ann, of), null, 'of the other one');
    equal((await take(ann)).id, here.id, 'of this one');
  });
  await step('offline nobody gets it', async () => {
    const { id } = await scene.queued(sue);
    await scene.go(bob, 'OFFLINE');
    await scene.refused(bob, 'claimNextSession', { liveChatId }, 'OPERATOR_OFFLINE');
    await scene.refused(bob, 'claimNextSession', {}, 'OPERATOR_OFFLINE');
    equal((await scene.session(sue, id)).state, 'QUEUED', 'it');
    await scene.go(bob, 'ONLINE');
    equal((await take(bob)).id, id, 'what bob gets, online');
  });
  await step('a supervisor who is no operator there is refused it: FORBIDDEN', async () => {
    await scene.queued(sue);
    await scene.refused(sue, 'claimNextSession', { liveChatId }, 'FORBIDDEN');
    await scene.go(sue, 'OFFLINE');
    await scene.refused(sue, 'claimNextSession', { liveChatId }, 'FORBIDDEN');
    await scene.go(sue, 'ONLINE');
    holds(await take(ann), 'it still waited');
  });
  await step('who has no role there is told that there is no such live chat', async () => {
    const { ada: administrator, 'other/ann': stranger } = scene.people;
    for (const who of [administrator, stranger]) {
      await scene.refused(who, 'claimNextSession', { liveChatId }, 'NOT_FOUND');
    }
    await scene.refused(ada, 'claimNextSession', { liveChatId: 'nonsense' }, 'NOT_FOUND');
  });
}

/** @param {Scene} scene */
async function repeated(scene) {
  const { ann, bob, sue } = scene.people;
  const { liveChatId } = scene;
  const idempotencyKey = crypto.randomUUID();
  const take = (/** @type {Employee} */ who) =>
    scene
      .act(who, 'claimNextSession', { liveChatId, idempotencyKey })
      .then(({ session }) => session);
  chapter('The next one, asked for again');
  const [one, two, three] = await scene.queue(sue, 3);

  await step('the same key from the same person gives the first answer', async () => {
    equal((await take(ann)).id, one.id, 'the first answer');
    equal((await take(ann)).id, one.id, 'the second');
    equal((await scene.session(sue, two.id)).state, 'QUEUED', 'the one behind it');
  });
  await step('ten times the same key at once: one answer', async () => {
    const key = crypto.randomUUID();
    const args = { liveChatId, idempotencyKey: key };
    const tries = Array.from({ length: 10 }, () => scene.act(ann, 'claimNextSession', args));
    const taken = (await Promise.all(tries)).map(({ session }) => session?.id);
    equal([...new Set(taken)], [two.id], 'what they got');
  });
  await step('the same key from another person is another key', async () => {
    equal((await take(bob)).id, three.id, "bob's answer");
  });
  await step('the same key with other arguments: KEY_REUSED', async () => {
    const other = { liveChatId: scene.company.id('Elsewhere'), idempotencyKey };
    await scene.refused(ann, 'claimNextSession', other, 'KEY_REUSED');
  });
  await step(
    'the first answer comes offline as well; the session is null out of sight',
    async () => {
      await scene.go(ann, 'OFFLINE');
      equal((await take(ann)).id, one.id, 'offline');
      await scene.go(ann, 'ONLINE');
      await scene.act(sue, 'assignSession', { sessionId: one.id, employeeId: bob.id });
      equal(await take(ann), null, 'when it is given away');
    },
  );
  await step('a key of no or of more than 100 characters is INVALID', async () => {
    for (const key of ['', 'k'.repeat(101)]) {
      const args = { liveChatId, idempotencyKey: key };
      const { error } = await scene.refused(ann, 'claimNextSession', args, 'INVALID');
      equal(error.field, ['idempotencyKey'], 'the field');
    }
  });
}

/** @param {Scene} scene */
async function looking(scene) {
  const { ann, bob, dan, sue } = scene.people;
  chapter('One that was looked at');
  const { id } = await scene.queued(sue);

  await step('an operator opens one in the queue and reads it, without taking it', async () => {
    const before = await scene.marks(sue, [id]);
    equal(
      (await scene.dialog(bob, id)).map(({ text }) => text),
      ['Good morning'],
      'the dialog',
    );
    const seen = await scene.session(bob, id);
    equal([seen.state, seen.isNew, seen.operator], ['QUEUED', true, null], 'it');
    equal(await scene.marks(sue, [id]), before, 'its version and last number');
  });
  await step('and takes it', async () => {
    const { session, claimedBy } = await scene.act(bob, 'claimSession', { sessionId: id });
    equal([session.state, session.operator.id], ['ASSIGNED', bob.id], 'it');
    equal([session.isNew, claimedBy], [false, null], 'New, and who was quicker');
  });
  await step('taking what is mine already is no error, and changes nothing', async () => {
    const before = await scene.marks(sue, [id]);
    const { session } = await scene.act(bob, 'claimSession', { sessionId: id });
    equal(session.operator.id, bob.id, 'whose it is');
    equal(await scene.marks(sue, [id]), before, 'its version and last number');
  });
  await step('a late one is told who has it, and does not see it', async () => {
    const late = await scene.refused(ann, 'claimSession', { sessionId: id }, 'ALREADY_CLAIMED');
    equal([late.claimedBy, late.session], [{ id: bob.id, name: 'Bob' }, null], 'the answer');
  });
  await step('a late one who is both is told who has it, and sees it', async () => {
    const late = await scene.refused(dan, 'claimSession', { sessionId: id }, 'ALREADY_CLAIMED');
    equal([late.claimedBy?.id, late.session?.id], [bob.id, id], 'the answer');
  });
}

/** @param {Scene} scene */
async function raceForOne(scene) {
  const { ann, bob, bea, eve, kim, dan, sue } = scene.people;
  const operators = [ann, bob, bea, eve, kim, dan];
  const fifty = Array.from({ length: 50 }, (_, at) => operators[at % operators.length]);
  chapter('Fifty at once for one');

  await step('exactly one wins; each loser is told who won', async () => {
    const { id } = await scene.queued(sue);
    const tries = await Promise.all(
      fifty.map((who) => scene.attempt(who, 'claimSession', { sessionId: id })),
    );
    const winner = (await scene.session(sue, id)).operator;
    tries.forEach(({ payload, faults, refusal }, at) => {
      const won = fifty[at].id === winner.id;
      const told = [faults, refusal, payload?.claimedBy?.id ?? null];
      equal(told, won ? [[], null, null] : [[], 'ALREADY_CLAIMED', winner.id], fifty[at].as);
      const sees = won || fifty[at] === dan;
      equal(payload.session?.id ?? null, sees ? id : null, `what ${fifty[at].as} sees`);
    });
    const entries = await scene.dialog(sue, id);
    equal(
      entries.map(({ event }) => event?.kind ?? null),
      [null, 'CLAIMED'],
      'the dialog',
    );
  });
  await step('of claims, replies and calls for the next, one wins', async () => {
    const { id } = await scene.queued(sue);
    const tries = await Promise.all([
      scene.attempt(ann, 'claimSession', { sessionId: id }),
      scene.attempt(bob, 'sendMessage', { sessionId: id, text: 'I', clientMessageId: 'race' }),
      scene.attempt(bea, 'claimNextSession', { liveChatId: scene.liveChatId }),
      scene.attempt(sue, 'assignSession', { sessionId: id, employeeId: eve.id }),
    ]);
    const events = (await scene.dialog(sue, id)).filter(({ event }) => event);
    const claims = events.filter(({ event }) => event.kind === 'CLAIMED');
    holds(claims.length <= 1, 'at most one claim');
    const done = tries.slice(0, 3).filter(({ refusal, payload }) => !refusal && payload.session);
    equal(done.length, claims.length, 'how many were told that they have it');
    const { operator } = await scene.session(sue, id);
    equal(operator.id, eve.id, 'who has it in the end: the supervisor assigns what is taken too');
  });
}

/** @param {Scene} scene */
async function raceForNext(scene) {
  const { ann, bob, bea, eve, kim, dan, sue } = scene.people;
  const operators = [ann, bob, bea, eve, kim, dan];
  const fifty = Array.from({ length: 50 }, (_, at) => operators[at % operators.length]);
  const { liveChatId } = scene;
  const race = async () => {
    const tries = fifty.map((who) => scene.act(who, 'claimNextSession', { liveChatId }));
    return (await Promise.all(tries)).map(({ session }) => session);
  };
  const fill = async (/** @type {number} */ count) => {
    const clients = Array.from({ length: count }, () => scene.client());
    await Promise.all(clients.map(({ write }) => write()));
    return scene.found(sue, clients);
  };
  chapter('Fifty at once for the next');

  await step('fifty wait: each gets one, no two the same, and none is left', async () => {
    const waiting = await fill(50);
    const taken = await race();
    equal(
      taken.map((one) => one?.operator.id),
      fifty.map(({ id }) => id),
      'whose they are',
    );
    equal(ids(taken).sort(), ids(waiting).sort(), 'what was taken');
    equal(await scene.group(sue, 'QUEUE'), [], 'the queue');
  });
  await step('twenty wait: twenty get one, and thirty nothing, without an error', async () => {
    const waiting = await fill(20);
    const taken = (await race()).filter((one) => one !== null);
    equal(ids(taken).sort(), ids(waiting).sort(), 'what was taken');
    equal(await scene.group(sue, 'QUEUE'), [], 'the queue');
  });
}
