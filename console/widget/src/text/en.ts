import type { Texts } from '.';

export const en: Texts = {
  chat: 'Chat',
  openChat: 'Open chat',
  closeChat: 'Close chat',
  unread: (count) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  welcome: 'How can we help?',
  welcomeHint: 'Write to us. The answer appears here.',
  loading: 'Loading…',
  offline: 'No connection. Your messages are sent when it is back.',
  barred: 'The chat is not available on this page.',
  messages: 'Messages',
  earlier: 'Earlier messages',
  earlierFailed: 'Earlier messages could not be loaded. Try again',
  today: 'Today',
  yesterday: 'Yesterday',
  you: 'You',
  typing: (name) => `${name} is typing…`,
  newMessages: 'New messages',
  placeholder: 'Write a message…',
  send: 'Send',
  tooLong: (most) => `Your message is too long. Use at most ${most} characters.`,
  tooMany: 'Too many messages are waiting to be sent. Wait a moment.',
  sending: 'Sending…',
  notSent: 'Not sent',
  retry: 'Try again',
  discard: 'Delete',
  attach: 'Attach files',
  remove: 'Remove',
  notTaken: (why) => NOT_TAKEN[why],
  closePicture: 'Close the picture',
  before: 'Previous picture',
  after: 'Next picture',
  filePending: 'is being checked',
  fileRefused: 'was refused',
  reason: (code) => REASONS.get(code) ?? null,
};

const NOT_TAKEN = {
  tooLarge: 'A file has at most 25 MB.',
  empty: 'The file is empty.',
  tooMany: 'A message has at most 10 files.',
};

const REASONS = new Map([
  ['NETWORK', 'no connection'],
  ['LIMIT', 'too much at once'],
  ['RATE_LIMITED', 'too many messages at once'],
  ['UNAVAILABLE', 'the service is busy'],
  ['INVALID', 'the message was not accepted'],
  ['FORBIDDEN', 'you cannot write here'],
  ['NOT_FOUND', 'this chat no longer exists'],
]);
