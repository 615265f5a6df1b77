export const en = {
  'alert.newSession': 'New in {liveChat}',
  'alert.newMessage': 'New message in {liveChat}',
  'alert.returned': 'Back in the queue of {liveChat}',
  'alert.assigned': 'Assigned to you in {liveChat}',
  'alert.assignedBy': '{name} assigned to you in {liveChat}',
  'alert.open': 'Open',
  'alert.dismiss': 'Dismiss',
  'alert.title': 'Alerts',
  'alert.sound': 'Sound',
  'alert.desktop': 'Desktop notifications',
  'alert.denied': 'The browser does not allow them: change that in its settings for this page.',
};

export const ru: Record<keyof typeof en, string> = {
  'alert.newSession': 'Новая сессия: {liveChat}',
  'alert.newMessage': 'Новое сообщение: {liveChat}',
  'alert.returned': 'Снова в очереди: {liveChat}',
  'alert.assigned': 'Назначено вам: {liveChat}',
  'alert.assignedBy': 'Вам назначено: {liveChat} ({name})',
  'alert.open': 'Открыть',
  'alert.dismiss': 'Убрать',
  'alert.title': 'Оповещения',
  'alert.sound': 'Звук',
  'alert.desktop': 'Уведомления на рабочем столе',
  'alert.denied': 'Браузер их не разрешает: это меняется в его настройках для этой страницы.',
};
