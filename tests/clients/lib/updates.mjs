// @ts-check
// Updates as the types of grammY have them, of a person's private chat with a bot.

/** @typedef {import('@grammyjs/types').Update} Update */
/** @typedef {import('@grammyjs/types').Message} Message */
/** @typedef {{ id: number, first_name: string, username: string }} Names */

const DATE = 1_767_225_600;
const FILE = { file_id: 'f', file_unique_id: 'u', file_size: 1 };

/** @type {import('@grammyjs/types').UserFromGetMe['id']} */
const BOT = 666;

/** @param {Names} names */
const chat = (names) => ({ type: /** @type {const} */ ('private'), ...names });

/** @param {Names} names */
const from = (names) => ({ is_bot: false, ...names });

/**
 * @param {Names} names
 * @param {number} message_id
 */
const head = (names, message_id) => ({
  message_id,
  date: DATE,
  chat: chat(names),
  from: from(names),
});

/**
 * A message with a caption, and no text.
 * @param {Names} names
 * @param {number} number
 * @param {string} caption
 * @returns {Update}
 */
export const photo = (names, number, caption) => ({
  update_id: 1_000 + number,
  message: { ...head(names, number), photo: [{ ...FILE, width: 90, height: 60 }], caption },
});

/**
 * A message that quotes one of the bot.
 * @param {Names} names
 * @param {number} number
 * @param {string} text
 * @param {number} quoted
 * @returns {Update}
 */
export const reply = (names, number, text, quoted) => ({
  update_id: 1_000 + number,
  message: {
    ...head(names, number),
    text,
    reply_to_message: {
      message_id: quoted,
      date: DATE,
      chat: chat(names),
      from: { id: BOT, is_bot: true, first_name: 'Test First name', username: 'TestNameBot' },
      text: 'An answer',
      reply_to_message: undefined,
    },
  },
});

/**
 * Another text of a message.
 * @param {Names} names
 * @param {number} number
 * @param {string} text
 * @returns {Update}
 */
export const edited = (names, number, text) => ({
  update_id: 2_000 + number,
  edited_message: { ...head(names, number), edit_date: DATE + 60, text },
});

/**
 * The person blocks the bot, or takes it back.
 * @param {Names} names
 * @param {'kicked' | 'member'} status
 * @returns {Update}
 */
export function membership(names, status) {
  const user = { id: BOT, is_bot: true, first_name: 'Test First name', username: 'TestNameBot' };
  const member = { user, status: /** @type {const} */ ('member') };
  const kicked = { user, status: /** @type {const} */ ('kicked'), until_date: 0 };
  const isBlocked = status === 'kicked';
  return {
    update_id: isBlocked ? 3_000 : 3_001,
    my_chat_member: {
      chat: chat(names),
      from: from(names),
      date: isBlocked ? DATE + 120 : DATE + 180,
      old_chat_member: isBlocked ? member : kicked,
      new_chat_member: isBlocked ? kicked : member,
    },
  };
}
