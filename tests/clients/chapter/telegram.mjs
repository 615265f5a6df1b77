// @ts-check

import { equal, holds } from '../lib/expect.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { check } from '../lib/types.mjs';
import { edited, membership, photo, reply } from '../lib/updates.mjs';

const WORDS = ['First', 'Second', 'Third'];
const ZOE = { id: 7_000_000_001, first_name: 'Zoë', username: 'zoe_writes' };

/**
 * @param {import('../lib/support.mjs').Support} support
 * @param {import('../lib/bot-api.mjs').Telegram} telegram
 */
export async function telegram(support, telegram) {
  const zoe = telegram.person({
    userId: ZOE.id,
    firstName: ZOE.first_name,
    userName: ZOE.username,
  });
  chapter('A bot of telegram-test-api');
  let session = '';
  let opening = /** @type {any} */ (undefined);

  await step('the bot is asked who it is, and told where to post', async () => {
    const settings = { telegram: { botToken: telegram.token } };
    const { channel } = await support.connect('TELEGRAM', settings);
    await telegram.relayed();
    equal(channel.address, '@TestNameBot', 'the address');
    const { url, secret_token, allowed_updates } = telegram.registered;
    equal(url, support.origin + channel.inboundPath, 'where it posts');
    holds(/^[\w-]{32,256}$/.test(secret_token), 'the secret is long, and of the allowed letters');
    equal(allowed_updates, ['message', 'edited_message', 'my_chat_member'], 'what it posts');
  });

  await step('a post of its own is refused, and with the secret it opens a session', async () => {
    const { update, passed } = await telegram.write(zoe, 'Where is order 7?');
    equal(passed, { had: false, without: 401, with: 200 }, 'the statuses');
    opening = update;
    session = await support.claim(ZOE.first_name);
    const { client, entries } = await support.dialog(session);
    equal(entries[0].text, 'Where is order 7?', 'the message');
    equal(entries[0].clientMessageId, `${ZOE.id}:${update.message.message_id}`, 'its id');
    const contacts = client.contacts.map((/** @type {any} */ { kind, value }) => [kind, value]);
    equal(contacts, [['telegram', '@zoe_writes']], 'the contacts');
  });

  await step('posted again, it changes nothing', async () => {
    equal(await telegram.post(opening), 200, 'the status');
    const { entries } = await support.dialog(session);
    equal(entries.filter((/** @type {any} */ { kind }) => kind === 'CLIENT').length, 1, 'messages');
  });

  await step('an answer arrives in the chat, as a reply, and is SENT', async () => {
    const [{ id }] = (await support.dialog(session)).entries;
    const answer = await support.answer(session, '*Today*, <b>Zoë</b> & co.', id);
    const { result } = await zoe.getUpdates();
    const expected = {
      chat_id: ZOE.id,
      text: '*Today*, <b>Zoë</b> & co.',
      reply_parameters: {
        message_id: opening.message.message_id,
        allow_sending_without_reply: true,
      },
    };
    equal(
      result.map((/** @type {any} */ { message }) => message),
      [expected],
      'the chat',
    );
    await support.delivered(session, answer.id, 'SENT');
  });

  await step('the client quotes that answer', async () => {
    const [{ messageId }] = telegram.server.storage.botMessages;
    equal(await telegram.post(reply(ZOE, 900, 'Thanks', messageId)), 200, 'the status');
    const { replyTo } = await support.entry(session, 'Thanks', ({ text }) => text === 'Thanks');
    const quoted = await support.entry(session, 'the quoted', ({ id }) => id === replyTo?.id);
    equal(quoted.kind, 'OPERATOR', 'whose message it is');
  });

  await step('three answers arrive in their order, once', async () => {
    const answers = [];
    for (const word of WORDS) answers.push(await support.answer(session, word));
    for (const { id } of answers) await support.delivered(session, id, 'SENT');
    const texts = telegram.sent().map((/** @type {any} */ { text }) => text);
    equal(texts.slice(-WORDS.length), WORDS, 'the chat');
    equal(texts.length, 1 + WORDS.length, 'how many there are');
  });

  await step('a command is a message like any other, and a photo comes as a file', async () => {
    const { passed } = await telegram.write(zoe, '/start order-7');
    equal(passed.with, 200, 'the status');
    await support.entry(session, 'the command', ({ text }) => text === '/start order-7');
    equal(await telegram.post(photo(ZOE, 901, 'See')), 200, 'the status');
    const { attachments } = await support.entry(
      session,
      'the photo',
      ({ text }) => text === 'See',
    );
    equal(attachments[0]?.name, 'photo.jpg', 'its file');
  });

  await step('a change is told, and what was said stays', async () => {
    const number = opening.message.message_id;
    equal(await telegram.post(edited(ZOE, number, 'Where is order 8?')), 200, 'the status');
    const { event } = await support.entry(
      session,
      'the change',
      ({ event: of }) => of?.kind === 'EDITED',
    );
    equal([event.aboutSeq, event.text], [1, 'Where is order 8?'], 'the change');
    const [{ text }] = (await support.dialog(session)).entries;
    equal(text, 'Where is order 7?', 'the message');
  });

  // Telegram itself refuses an answer to somebody who blocked the bot. This one takes it.
  await step('that the client blocked the bot, and took it back, is told', async () => {
    equal(await telegram.post(membership(ZOE, 'kicked')), 200, 'the status');
    await support.entry(session, 'the block', ({ event }) => event?.kind === 'BLOCKED');
    equal(await telegram.post(membership(ZOE, 'member')), 200, 'the status');
    await support.entry(session, 'the return', ({ event }) => event?.kind === 'UNBLOCKED');
  });

  await step('in a group the bot hears nothing and says nothing', async () => {
    const before = await support.queue();
    const options = { userId: 5, firstName: 'Max', userName: 'max', chatId: -100, type: 'group' };
    const { passed } = await telegram.write(telegram.person(options), 'Hello all');
    equal(passed.with, 200, 'the status');
    equal((await support.queue()).length, before.length, 'how many wait');
  });

  await step('a chat of another person is another session', async () => {
    const options = { userId: 8, firstName: 'Max', userName: 'max_writes' };
    const max = telegram.person(options);
    await telegram.write(max, 'Hello');
    const other = await support.claim('Max');
    holds(other !== session, 'it is another one');
    await support.answer(other, 'Good day, Max');
    const [{ message }] = (await max.getUpdates()).result;
    equal([message.chat_id, message.text], [8, 'Good day, Max'], 'the chat');
  });

  await step('grammY has the types of all that was sent and posted', async () => {
    const sent = telegram.sent().map((/** @type {unknown} */ parameters) => ({
      method: 'sendMessage',
      parameters,
    }));
    await check([{ method: 'setWebhook', parameters: telegram.registered }, ...sent]);
  });
}
