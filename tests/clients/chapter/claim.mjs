// @ts-check

import { CLAIM, DIALOG, SEND } from '../lib/documents.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function claim(stage) {
  const { ann, bob, sue, dan, bea, zoe } = stage;
  const id = stage.session;
  chapter('One takes it');

  await step('ann and bob come online', async () => {
    await Promise.all([ann, bob].map((who) => stage.go(who, 'ONLINE')));
    await sue.presence.next(
      'Ann online',
      ({ name, presence }) => name === 'Ann' && presence === 'ONLINE',
    );
    await sue.presence.next(
      'Bob online',
      ({ name, presence }) => name === 'Bob' && presence === 'ONLINE',
    );
  });

  await step('both take it at once: one has it, the other is told who', async () => {
    const tries = await Promise.all([ann, bob].map((who) => who.desk.act(CLAIM, { id })));
    const winners = [ann, bob].filter((_, index) => tries[index].userErrors.length === 0);
    equal(winners.length, 1, 'how many have it');
    [stage.winner] = winners;
    stage.loser = stage.winner === ann ? bob : ann;
    const lost = tries[stage.winner === ann ? 1 : 0];
    equal(lost.userErrors[0].code, 'ALREADY_CLAIMED', 'what the other is told');
    equal([lost.claimedBy?.id, lost.session], [stage.winner.id, null], 'who has it');
  });

  const { winner, loser } = stage;

  await step(
    'taking it again is no error; who is both is told who has it, and still sees it',
    async () => {
      const again = await winner.desk.act(CLAIM, { id });
      equal([again.userErrors, again.session?.state], [[], 'ASSIGNED'], 'the one who has it');
      const late = await dan.desk.act(CLAIM, { id });
      equal(late.userErrors[0]?.code, 'ALREADY_CLAIMED', 'dan');
      equal([late.claimedBy?.id, late.session?.operator?.id], [winner.id, winner.id], 'who has it');
    },
  );

  await step(
    'it leaves the sight of the other operators, who hear by whom, and moves for supervisors',
    async () => {
      for (const who of [loser, bea]) {
        const gone = await who.sessions.next('REMOVED', (one) => one.removedId === id);
        equal([gone.kind, gone.by?.name, gone.session], ['REMOVED', name(winner), null], who.as);
        equal(
          (await who.desk.read(DIALOG, { id })).viewer.session,
          null,
          `the session for ${who.as}`,
        );
      }
      for (const who of [winner, sue, dan]) {
        await who.sessions.next(
          'the claim',
          (one) => one.session?.id === id && one.session.operator?.id === winner.id,
        );
      }
    },
  );

  await step(
    'the queue counters fall for all, and the one who has it has one unread session',
    async () => {
      await winner.counted({ unreadSessions: 1 });
      await Promise.all([loser, bea, sue, dan].map((who) => who.counted({})));
      const mine = await stage.group(winner, 'MY');
      holds(
        mine.some((/** @type {any} */ one) => one.id === id && one.unreadCount === 1),
        'it is in MY, unread',
      );
      const queue = await stage.group(sue, 'QUEUE');
      holds(!queue.some((/** @type {any} */ one) => one.id === id), 'it is not in the queue');
      const active = await stage.group(sue, 'ACTIVE');
      holds(
        active.some((/** @type {any} */ one) => one.id === id),
        'it is in ACTIVE',
      );
    },
  );

  chapter('They answer');

  await step('the reply reaches the client, once, with a name and no more', async () => {
    const reply = { id, text: 'Good morning! I am looking.', key: `${stage.run} reply` };
    const sent = await winner.desk.act(SEND, reply);
    equal(sent.userErrors, [], 'refusals');
    const heard = await zoe.messages.next('the reply', ({ text }) => text === reply.text);
    equal(
      [heard.seq, heard.author.name, heard.author.viewerIsAuthor],
      [2, name(winner), false],
      'what Zoe hears',
    );
    const again = await winner.desk.act(SEND, reply);
    equal(again.message?.id, sent.message.id, 'the same reply sent again');
    const other = await winner.desk.act(SEND, { ...reply, text: 'Something else' });
    equal(other.userErrors[0]?.code, 'KEY_REUSED', 'the same key with another text');
  });

  await step('answering reads what stood there', async () => {
    await winner.counted({});
    const { viewer } = await winner.desk.read(DIALOG, { id });
    equal([viewer.session.unreadCount, viewer.session.waitingSince], [0, null], 'the session');
  });

  await step('only the one who has it may answer', async () => {
    const reply = { id, text: 'Me too', key: `${stage.run} intruder` };
    const refused = new Map([
      [loser, 'ALREADY_CLAIMED'],
      [dan, 'ALREADY_CLAIMED'],
      [sue, 'FORBIDDEN'],
    ]);
    for (const [who, code] of refused) {
      const { userErrors, message } = await who.desk.act(SEND, reply);
      equal([userErrors[0]?.code, message], [code, null], who.as);
    }
  });
}

/** @param {import('../lib/people.mjs').Employee} who */
export function name(who) {
  return who.as[0].toUpperCase() + who.as.slice(1);
}
