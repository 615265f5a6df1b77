// @ts-check

import { ASSIGN, CLAIM, CONVERSATION, DIALOG, MARK_READ, NODE } from '../lib/documents.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function arrival(stage) {
  const { ann, bob, sue, dan, bea, eve, zoe, stranger } = stage;
  chapter('A client writes');

  await step(
    'Zoe writes, and has her message in her answer, her subscription and her conversation',
    async () => {
      zoe.open();
      const posted = await zoe.post('Hello, my order has not come.', 'first');
      equal(posted.seq, 1, 'seq');
      equal(
        posted.author,
        { __typename: 'ConversationAuthor', name: zoe.name, viewerIsAuthor: true },
        'author',
      );
      const heard = await zoe.messages.next('her message', ({ seq }) => seq === 1);
      equal([heard.id, heard.text], [posted.id, posted.text], 'what she hears');
      const { conversation } = await zoe.desk.read(CONVERSATION);
      equal(
        conversation.messages.nodes.map((/** @type {any} */ one) => one.seq),
        [1],
        'her conversation',
      );
      const again = await zoe.post('Hello, my order has not come.', 'first');
      equal([again.id, again.seq], [posted.id, 1], 'the same message sent again');
    },
  );

  await step('every operator of Support is alerted, online or not', async () => {
    for (const who of stage.operators) {
      const alert = await who.alerts.next(
        'NEW_SESSION',
        ({ session }) => session.name === zoe.name,
      );
      equal(
        [alert.kind, alert.message.text],
        ['NEW_SESSION', 'Hello, my order has not come.'],
        who.as,
      );
      stage.session = alert.session.id;
    }
    stage.opened(stage.session);
  });

  await step(
    'operators see the blue counter rise, supervisors the red one, who is both both',
    async () => {
      await ann.counted({ queue: 1 });
      await bob.counted({ queue: 1 });
      await sue.counted({ unassignedSessions: 1 });
      await dan.counted({ queue: 1, unassignedSessions: 1 });
      await bea.counted({ queue: 1, unassignedSessions: 1 });
    },
  );

  await step(
    'the session opens in the queue of all who see it, new and with one unread message',
    async () => {
      for (const who of stage.watchers) {
        const { session } = await who.sessions.next(
          'the session',
          (one) => one.session?.id === stage.session,
        );
        const { state, isNew, unreadCount, name, operator } = session;
        equal(
          [state, isNew, unreadCount, name, operator],
          ['QUEUED', true, 1, zoe.name, null],
          who.as,
        );
        const queue = await stage.group(who, 'QUEUE');
        holds(
          queue.some((/** @type {any} */ one) => one.id === stage.session),
          `it is in ${who.as}'s queue`,
        );
      }
    },
  );

  await step('for people of other live chats and other tenants it does not exist', async () => {
    for (const who of [eve, stranger]) {
      equal((await who.desk.read(NODE, { id: stage.session })).node, null, `node for ${who.as}`);
      equal(
        (await who.desk.read(DIALOG, { id: stage.session })).viewer.session,
        null,
        `session for ${who.as}`,
      );
      const { userErrors } = await who.desk.act(CLAIM, { id: stage.session });
      equal(userErrors[0]?.code, 'NOT_FOUND', `${who.as} claims`);
    }
  });

  await step('who is offline takes nothing, and is given nothing', async () => {
    const { session, userErrors } = await ann.desk.act(CLAIM, { id: stage.session });
    equal([session, userErrors[0]?.code], [null, 'OPERATOR_OFFLINE'], 'ann claims');
    const given = await sue.desk.act(ASSIGN, { id: stage.session, to: bea.id });
    const { code, field } = given.userErrors[0] ?? {};
    equal([code, field], ['OPERATOR_OFFLINE', ['employeeId']], 'sue assigns to bea');
  });

  await step('reading it without taking it moves only the own line', async () => {
    const { viewer } = await bob.desk.read(DIALOG, { id: stage.session });
    equal(
      viewer.session.messages.nodes.map((/** @type {any} */ one) => one.text).at(-1),
      'Hello, my order has not come.',
      'the dialog',
    );
    const upTo = viewer.session.messages.nodes.at(-1).seq;
    const { session } = await bob.desk.act(MARK_READ, { id: stage.session, upTo });
    equal(
      [session.viewerReadSeq, session.unreadCount, session.state],
      [upTo, 1, 'QUEUED'],
      'the session',
    );
  });
}
