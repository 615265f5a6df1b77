// @ts-check

import { CLOSE, CONVERSATION, DIALOG, NODE, SEND } from '../lib/documents.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function closing(stage) {
  const { sue, dan, bea, zoe, winner, loser } = stage;
  const id = stage.session;
  chapter('It is closed, and the client writes again');

  await step('nobody closes over a message they have not seen', async () => {
    const { viewer } = await winner.desk.read(DIALOG, { id });
    const lastSeq = viewer.session.messages.nodes.at(-1).seq;
    await zoe.post('One more thing');
    const { userErrors } = await winner.desk.act(CLOSE, { id, lastSeq });
    equal(userErrors[0]?.code, 'UNSEEN_MESSAGE', 'the refusal');
    const closed = await winner.desk.act(CLOSE, { id, lastSeq: lastSeq + 1 });
    equal(
      [closed.userErrors, closed.session?.state, closed.session?.unreadCount],
      [[], 'CLOSED', 0],
      'the session',
    );
    equal(closed.session.operator.id, winner.id, 'who had it');
  });

  await step(
    'closed, it counts nowhere, takes no reply, and stands first among the closed',
    async () => {
      await Promise.all(stage.watchers.map((who) => who.counted({})));
      const late = await winner.desk.act(SEND, { id, text: 'Too late', key: `${stage.run} late` });
      equal(late.userErrors[0]?.code, 'SESSION_CLOSED', 'a reply');
      const again = await winner.desk.act(CLOSE, { id });
      equal(again.userErrors, [], 'closed twice');
      equal((await stage.group(winner, 'CLOSED'))[0]?.id, id, 'the first of the closed');
      equal(
        (await loser.desk.read(NODE, { id })).node,
        null,
        'node for an operator who did not have it',
      );
    },
  );

  await step(
    'the client writes again: a new session, alerted and counted like the first',
    async () => {
      await zoe.post('It has come, but broken.');
      for (const who of stage.operators) {
        const alert = await who.alerts.next(
          'NEW_SESSION',
          ({ kind, session }) => kind === 'NEW_SESSION' && session.name === zoe.name,
        );
        holds(alert.session.id !== id, 'it is another session');
        stage.session = alert.session.id;
      }
      stage.opened(stage.session);
      await Promise.all([winner, loser].map((who) => who.counted({ queue: 1 })));
      await sue.counted({ unassignedSessions: 1 });
      await Promise.all([dan, bea].map((who) => who.counted({ queue: 1, unassignedSessions: 1 })));
    },
  );

  await step(
    'the earlier history stands above it, in one dense order, the boundary marked',
    async () => {
      const { viewer } = await loser.desk.read(DIALOG, { id: stage.session });
      const entries = viewer.session.messages.nodes;
      equal(
        entries.map((/** @type {any} */ one) => one.seq),
        entries.map((/** @type {any} */ _, /** @type {number} */ at) => at + 1),
        'seq',
      );
      equal(
        [entries[0].session.id, entries.at(-1).session.id],
        [id, stage.session],
        'the sessions',
      );
      equal(entries.at(-1).text, 'It has come, but broken.', 'the last message');
      equal(viewer.session.unreadCount, 1, 'unread of the new session');
      equal((await loser.desk.read(NODE, { id })).node?.id, id, 'the earlier one can be read now');
      const reply = await loser.desk.act(SEND, { id, text: 'Here?', key: `${stage.run} above` });
      equal(reply.userErrors[0]?.code, 'FORBIDDEN', 'a reply to the earlier one');
    },
  );

  await step('the client has one conversation without a hole, and none of the events', async () => {
    const { conversation } = await zoe.desk.read(CONVERSATION);
    const seen = conversation.messages.nodes;
    equal(
      seen.map((/** @type {any} */ one) => one.seq),
      [1, 2, 3, 4, 5, 6],
      'seq',
    );
    const wanted = seen.map((/** @type {any} */ one) => one.id);
    for (const one of wanted.slice(2))
      await zoe.messages.next('every message', ({ id: heard }) => heard === one);
    equal(
      new Set(zoe.messages.all.map(({ id: heard }) => heard)),
      new Set(wanted),
      'what was pushed',
    );
  });
}
