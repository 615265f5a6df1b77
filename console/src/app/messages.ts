export const en = {
  'app.name': 'ChatDesk',
  'app.loading': 'Loading…',
  'app.broken': 'Something went wrong on this page. Reload it.',
  'app.reload': 'Reload the page',
  'app.dismiss': 'Close this window',
};

export const ru: Record<keyof typeof en, string> = {
  'app.name': 'ChatDesk',
  'app.loading': 'Загрузка…',
  'app.broken': 'На странице произошла ошибка. Перезагрузите её.',
  'app.reload': 'Перезагрузить страницу',
  'app.dismiss': 'Закрыть это окно',
};
