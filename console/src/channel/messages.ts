export const en = {
  'channel.web': 'Web page',
  'channel.internal': 'Internal',
  'channel.webhook': 'Webhook',
  'channel.telegram': 'Telegram',
  'channel.whatsApp': 'WhatsApp',
  'channel.other': 'Other channel',
  'channel.named': '{kind}: {name}',
};

export const ru: Record<keyof typeof en, string> = {
  'channel.web': 'Веб-страница',
  'channel.internal': 'Внутренний',
  'channel.webhook': 'Вебхук',
  'channel.telegram': 'Telegram',
  'channel.whatsApp': 'WhatsApp',
  'channel.other': 'Другой канал',
  'channel.named': '{kind}: {name}',
};
