// @ts-check

import { equal, holds } from '../lib/expect.mjs';
import { verify } from '../lib/receiver.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

const MAX = { id: '+49 30', name: 'Max of the webhook' };

/**
 * @param {import('../lib/support.mjs').Support} support
 * @param {import('../lib/receiver.mjs').Receiver} receiver
 */
export async function answers(support, receiver) {
  chapter('A receiver with the library of Standard Webhooks');
  let path = '';
  let channelId = '';
  let secret = '';
  let session = '';
  let answer = /** @type {any} */ (undefined);

  /**
   * @param {string} text
   * @returns {(body: any) => boolean}
   */
  const has = (text) => (body) => body.text === text;

  await step('a channel with a reply URL has a secret that the library takes', async () => {
    const settings = { webhook: { replyUrl: receiver.url } };
    const created = await support.connect('WEBHOOK', settings);
    ({ secret } = created);
    channelId = created.channel.id;
    path = created.channel.inboundPath.split('/').at(-1);
    holds(/^whsec_[A-Za-z0-9+/]{43}=$/.test(secret), 'the secret is of 32 bytes');
    const message = { messageId: 'm-1', from: MAX, text: 'Where is order 7?' };
    equal((await deliver(support.origin, path, message, secret)).status, 200, 'the status');
    session = await support.claim(MAX.name);
  });

  await step('an answer is verified, and is SENT', async () => {
    const [{ id }] = (await support.dialog(session)).entries;
    const { id: sent } = await support.answer(session, 'It "leaves" today, Zoë 👩‍👩‍👧\nBye', id);
    answer = await receiver.verified(secret, has('It "leaves" today, Zoë 👩‍👩‍👧\nBye'));
    const { deliveryId, conversationId, sentAt, ...others } = answer;
    const expected = {
      type: 'message',
      to: { id: MAX.id },
      text: 'It "leaves" today, Zoë 👩‍👩‍👧\nBye',
      author: { name: 'Ann' },
      replyTo: 'm-1',
      attachments: [],
    };
    equal(others, expected, 'the answer');
    holds(deliveryId && conversationId, 'it has its ids');
    equal(new Date(sentAt).toISOString(), sentAt, 'its time');
    equal(receiver.posts[0].headers['webhook-id'], deliveryId, 'the id in the header');
    await support.delivered(session, sent, 'SENT');
    equal(receiver.posts.length, 1, 'how many there are');
  });

  await step('one that was changed, or signed with another secret, is refused', async () => {
    const [{ headers, body }] = receiver.posts;
    const changed = { headers, body: body.replace('today', 'never') };
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    for (const [key, post] of /** @type {const} */ ([
      [secret, changed],
      [other, { headers, body }],
      [secret, { headers: { ...headers, 'webhook-id': 'x' }, body }],
    ])) {
      let isRefused = false;
      try {
        verify(key, post);
      } catch {
        isRefused = true;
      }
      holds(isRefused, 'it is refused');
    }
  });

  await step('a receipt moves its state', async () => {
    const receipt = { type: 'receipt', deliveryId: answer.deliveryId, state: 'read' };
    const posted = await deliver(support.origin, path, /** @type {any} */ (receipt), secret);
    equal(posted.status, 200, 'the status');
    const { entries } = await support.dialog(session);
    const { id } = entries.find((/** @type {any} */ { kind }) => kind === 'OPERATOR');
    await support.delivered(session, id, 'READ');
  });

  await step('one that was not taken comes again, with its id and a right signature', async () => {
    receiver.first = [{ status: 503, headers: { 'retry-after': '1' } }];
    const before = receiver.posts.length;
    const { id } = await support.answer(session, 'Once more');
    await support.delivered(session, id, 'SENT');
    const tries = receiver.posts.slice(before);
    equal(tries.length, 2, 'how often it came');
    const [first, second] = tries.map((post) => verify(secret, post));
    equal(second, first, 'what came again');
    const ids = tries.map(({ headers }) => headers['webhook-id']);
    equal(ids, [first.deliveryId, first.deliveryId], 'the ids in the headers');
    const [earlier, later] = tries.map(({ headers }) => Number(headers['webhook-timestamp']));
    holds(later > earlier, 'it is signed anew');
  });

  await step('while the secret is rotated, the old one and the new one verify', async () => {
    const fresh = await support.rotate(channelId);
    holds(fresh !== secret, 'it is another one');
    await support.answer(session, 'With two secrets');
    const byOld = await receiver.verified(secret, has('With two secrets'));
    const byNew = await receiver.verified(fresh, has('With two secrets'));
    equal(byNew, byOld, 'the answer');
    const message = { from: MAX, text: 'Still here' };
    for (const [messageId, key] of [
      ['m-2', secret],
      ['m-3', fresh],
    ]) {
      const posted = await deliver(support.origin, path, { ...message, messageId }, key);
      equal(posted.status, 200, `the status of ${messageId}`);
    }
  });
}
