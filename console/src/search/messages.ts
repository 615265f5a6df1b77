export const en = {
  'search.label': 'Search sessions',
  'search.focus': 'Search',
  'search.none': 'No session is called that.',
};

export const ru: Record<keyof typeof en, string> = {
  'search.label': 'Искать сессии',
  'search.focus': 'Поиск',
  'search.none': 'Нет сессий с таким названием.',
};
