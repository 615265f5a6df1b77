export const en = {
  'list.queue': 'Queue',
  'list.my': 'My',
  'list.new': 'New',
  'list.empty': 'Nothing here.',
  'list.noLiveChats': 'You have no role in a live chat yet.',
  'list.unread': '{count, plural, one {# unread message} other {# unread messages}}',
};

export const ru: Record<keyof typeof en, string> = {
  'list.queue': 'Очередь',
  'list.my': 'Мои',
  'list.new': 'Новая',
  'list.empty': 'Здесь пусто.',
  'list.noLiveChats': 'У вас пока нет роли ни в одном чате.',
  'list.unread':
    '{count, plural, one {# непрочитанное сообщение} few {# непрочитанных сообщения} many {# непрочитанных сообщений} other {# непрочитанного сообщения}}',
};
