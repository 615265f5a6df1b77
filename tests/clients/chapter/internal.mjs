// @ts-check

import {
  CLAIM_NEXT,
  CONVERSATION,
  INTERNAL_LIVE_CHATS,
  ON_CONVERSATION,
  POST,
  SEND,
} from '../lib/documents.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { follow } from '../lib/socket.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { name } from './claim.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function internal(stage) {
  const { kim, winner, loser, zoe } = stage;
  chapter('An employee writes as an internal client');
  let session = '';
  /** @type {import('../lib/inbox.mjs').Inbox<any>} */
  let heard;

  await step('kim finds Support among the live chats she may write to, and writes', async () => {
    const { viewer } = await kim.desk.read(INTERNAL_LIVE_CHATS);
    const support = viewer.internalLiveChats.find(
      (/** @type {any} */ one) => one.name === 'Support',
    );
    equal(support?.id, stage.support, 'Support');
    heard = follow(kim.line, "kim's messages", ON_CONVERSATION, {
      liveChatId: stage.support,
      afterSeq: 0,
    });
    const posted = await kim.desk.act(POST, {
      liveChatId: stage.support,
      text: `My screen is dark ${stage.run}`,
      key: stage.run,
    });
    equal([posted.userErrors, posted.message?.author.viewerIsAuthor], [[], true], 'her message');
    for (const who of stage.operators) {
      const alert = await who.alerts.next(
        'the alert',
        ({ session: of }) => of.client.isInternal && of.preview.text.includes(stage.run),
      );
      equal([alert.session.client.name, alert.session.channel.kind], ['Kim', 'INTERNAL'], who.as);
      session = alert.session.id;
    }
    stage.opened(session);
  });

  await step('the one who waited longer comes first, then kim', async () => {
    const first = await winner.desk.act(CLAIM_NEXT, {});
    equal([first.userErrors, first.session?.client.name], [[], zoe.name], 'the first');
    const second = await loser.desk.act(CLAIM_NEXT, {});
    equal([second.userErrors, second.session?.id], [[], session], 'the second');
  });

  await step('kim reads the answer, pushed and in her conversation', async () => {
    const reply = { id: session, text: `Turn it on, ${stage.run}`, key: `${stage.run} kim` };
    equal((await loser.desk.act(SEND, reply)).userErrors, [], 'refusals');
    const answer = await heard.next('the answer', ({ text }) => text === reply.text);
    equal(answer.author.name, name(loser), 'from whom');
    const { conversation } = await kim.desk.read(CONVERSATION, { liveChatId: stage.support });
    equal(conversation.messages.nodes.at(-1).id, answer.id, 'the last of her conversation');
    holds(conversation.liveChat.name === 'Support', 'it is that of Support');
  });
}
