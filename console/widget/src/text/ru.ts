import type { Texts } from '.';

const plural = new Intl.PluralRules('ru');

export const ru: Texts = {
  chat: 'Чат',
  openChat: 'Открыть чат',
  closeChat: 'Закрыть чат',
  unread: (count) => {
    const form = plural.select(count);
    if (form === 'one') return `${count} непрочитанное сообщение`;
    if (form === 'few') return `${count} непрочитанных сообщения`;
    return `${count} непрочитанных сообщений`;
  },
  welcome: 'Чем мы можем помочь?',
  welcomeHint: 'Напишите нам. Ответ появится здесь.',
  loading: 'Загрузка…',
  offline: 'Нет соединения. Ваши сообщения отправятся, когда оно появится.',
  barred: 'На этой странице чат недоступен.',
  messages: 'Сообщения',
  earlier: 'Более ранние сообщения',
  earlierFailed: 'Не удалось загрузить более ранние сообщения. Повторить',
  today: 'Сегодня',
  yesterday: 'Вчера',
  you: 'Вы',
  typing: (name) => `${name} печатает…`,
  newMessages: 'Новые сообщения',
  placeholder: 'Напишите сообщение…',
  send: 'Отправить',
  tooLong: (most) => `Сообщение слишком длинное. Используйте не больше ${most} символов.`,
  tooMany: 'Слишком много сообщений ждут отправки. Подождите немного.',
  sending: 'Отправляется…',
  notSent: 'Не отправлено',
  retry: 'Повторить',
  discard: 'Удалить',
  attach: 'Прикрепить файлы',
  remove: 'Убрать',
  notTaken: (why) => NOT_TAKEN[why],
  closePicture: 'Закрыть изображение',
  before: 'Предыдущее изображение',
  after: 'Следующее изображение',
  filePending: 'проверяется',
  fileRefused: 'отклонён',
  reason: (code) => REASONS.get(code) ?? null,
};

const NOT_TAKEN = {
  tooLarge: 'Файл может быть не больше 25 МБ.',
  empty: 'Файл пуст.',
  tooMany: 'В сообщении не больше 10 файлов.',
};

const REASONS = new Map([
  ['NETWORK', 'нет соединения'],
  ['LIMIT', 'слишком много сразу'],
  ['RATE_LIMITED', 'слишком много сообщений сразу'],
  ['UNAVAILABLE', 'сервис занят'],
  ['INVALID', 'сообщение не принято'],
  ['FORBIDDEN', 'сюда нельзя писать'],
  ['NOT_FOUND', 'этого чата больше нет'],
]);
