// @ts-check

import { ASSIGN, CLAIM_NEXT, DIALOG, MARK_READ, RETURN } from '../lib/documents.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { name } from './claim.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function handover(stage) {
  const { sue, dan, bea, zoe, winner, loser } = stage;
  const id = stage.session;
  chapter('It is read, given away and returned');

  await step(
    'a message to the one who has it alerts them, and counts as unread until it is read',
    async () => {
      await zoe.post('Are you there?');
      const alert = await winner.alerts.next('NEW_MESSAGE', ({ session }) => session.id === id);
      equal([alert.kind, alert.message.text], ['NEW_MESSAGE', 'Are you there?'], 'the alert');
      await winner.counted({ unreadSessions: 1 });
      const { viewer } = await winner.desk.read(DIALOG, { id });
      const upTo = viewer.session.messages.nodes.at(-1).seq;
      const early = await winner.desk.act(MARK_READ, { id, upTo: upTo + 1 });
      equal(early.userErrors[0]?.code, 'INVALID', 'a mark beyond the last message');
      const { session } = await winner.desk.act(MARK_READ, { id, upTo });
      equal([session.unreadCount, session.viewerReadSeq], [0, upTo], 'the session');
      await winner.counted({});
    },
  );

  await step(
    'given to a colleague with a comment, it carries its unread messages over',
    async () => {
      await zoe.post('Hello?');
      await winner.counted({ unreadSessions: 1 });
      const given = await winner.desk.act(ASSIGN, { id, to: loser.id, comment: 'Yours, please' });
      equal([given.userErrors, given.session], [[], null], 'out of the sight of who gave it');
      const alert = await loser.alerts.next('ASSIGNED_TO_ME', ({ session }) => session.id === id);
      equal(alert.kind, 'ASSIGNED_TO_ME', 'the alert');
      const gone = await winner.sessions.next('REMOVED', (one) => one.removedId === id);
      equal(gone.by?.name, name(loser), 'who has it');
      await winner.counted({});
      await loser.counted({ unreadSessions: 1 });
      await Promise.all([sue, dan, bea].map((who) => who.counted({})));
    },
  );

  await step('given to who has it already, nothing changes and nothing is wrong', async () => {
    const { session, userErrors } = await sue.desk.act(ASSIGN, { id, to: loser.id });
    equal([userErrors, session?.operator?.id], [[], loser.id], 'the session');
  });

  await step('only an operator of the live chat can be given it', async () => {
    const { userErrors } = await sue.desk.act(ASSIGN, { id, to: sue.id });
    equal(userErrors[0]?.code, 'NOT_AN_OPERATOR', 'sue to herself');
  });

  await step(
    'returned to the queue it is unread as a whole, alerts all but who did it, and counts again',
    async () => {
      const { userErrors } = await loser.desk.act(RETURN, { id, comment: 'Not mine' });
      equal(userErrors, [], 'refusals');
      for (const who of [winner, dan, bea]) {
        const alert = await who.alerts.next(
          'RETURNED',
          ({ kind, session }) => kind === 'RETURNED' && session.id === id,
        );
        equal([alert.session.state, alert.session.unreadCount], ['QUEUED', 3], who.as);
        await who.sessions.next(
          'the return',
          (one) => one.session?.id === id && one.session.state === 'QUEUED',
        );
      }
      await Promise.all([winner, loser].map((who) => who.counted({ queue: 1 })));
      await sue.counted({ unassignedSessions: 1 });
      await Promise.all([dan, bea].map((who) => who.counted({ queue: 1, unassignedSessions: 1 })));
      const again = await sue.desk.act(RETURN, { id });
      equal(again.userErrors, [], 'returned twice');
    },
  );

  await step('the blue counter gives the one that waits longest', async () => {
    const [longest] = await stage.group(winner, 'QUEUE');
    const { session, userErrors } = await winner.desk.act(CLAIM_NEXT, {
      liveChatId: stage.support,
    });
    equal(
      [userErrors, session?.id, session?.operator?.id],
      [[], longest.id, winner.id],
      'the session',
    );
    equal(session.id, id, 'the only one that waits');
    await winner.counted({ unreadSessions: 1 });
  });

  await step('when none waits there is none, and that is no error', async () => {
    const none = await loser.desk.act(CLAIM_NEXT, { liveChatId: stage.support });
    equal([none.session, none.userErrors], [null, []], 'the answer');
  });

  await step(
    'the dialog tells it all, in one dense order, with the channel of each message',
    async () => {
      const { viewer } = await winner.desk.read(DIALOG, { id });
      const entries = viewer.session.messages.nodes;
      equal(
        entries.map((/** @type {any} */ one) => one.seq),
        entries.map((/** @type {any} */ _, /** @type {number} */ at) => at + 1),
        'seq',
      );
      const events = entries.filter((/** @type {any} */ one) => one.kind === 'EVENT');
      equal(
        events.map((/** @type {any} */ one) => [
          one.event.kind,
          one.event.to?.name ?? null,
          one.channel,
        ]),
        [
          ['CLAIMED', name(winner), null],
          ['ASSIGNED', name(loser), null],
          ['RETURNED', null, null],
          ['CLAIMED', name(winner), null],
        ],
        'events',
      );
      const notes = entries.filter((/** @type {any} */ one) => one.kind === 'NOTE');
      equal(
        notes.map((/** @type {any} */ one) => [one.text, one.author.name, one.channel]),
        [
          ['Yours, please', name(winner), null],
          ['Not mine', name(loser), null],
        ],
        'notes',
      );
      const written = entries.filter((/** @type {any} */ { kind }) =>
        ['CLIENT', 'OPERATOR'].includes(kind),
      );
      holds(
        written.every((/** @type {any} */ one) => one.channel?.kind === 'WEB'),
        'each came by the web',
      );
    },
  );
}
