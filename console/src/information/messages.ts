export const en = {
  'information.liveChat': 'Live chat',
  'information.client': 'Client',
};

export const ru: Record<keyof typeof en, string> = {
  'information.liveChat': 'Чат',
  'information.client': 'Клиент',
};
