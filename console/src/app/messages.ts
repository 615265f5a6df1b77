export const en = {
  'app.name': 'ChatDesk',
  'app.loading': 'Loading',
  'app.broken': 'The page has a fault.',
  'app.reload': 'Load the page again',
  'app.dismiss': 'Dismiss this window',
};

export const ru: Record<keyof typeof en, string> = {
  'app.name': 'ChatDesk',
  'app.loading': 'Загрузка',
  'app.broken': 'На странице ошибка.',
  'app.reload': 'Загрузить страницу снова',
  'app.dismiss': 'Скрыть это окно',
};
