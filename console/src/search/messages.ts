export const en = {
  'search.sessions': 'Search sessions by name',
  'search.dialog': 'Search this dialog',
  'search.focus': 'Search',
  'search.hits': 'Search results',
  'search.searching': 'Searching…',
  'search.none': 'Nothing found.',
  'search.count': '{count, plural, one {# result} other {# results}}',
  'search.countMore': '{count, plural, one {# result, maybe more} other {# results, maybe more}}',
  'search.more': 'Keep searching',
  'search.name': 'Name of the session',
};

export const ru: Record<keyof typeof en, string> = {
  'search.sessions': 'Искать сессии по названию',
  'search.dialog': 'Искать в этом диалоге',
  'search.focus': 'Поиск',
  'search.hits': 'Результаты поиска',
  'search.searching': 'Ищем…',
  'search.none': 'Ничего не найдено.',
  'search.count':
    '{count, plural, one {# результат} few {# результата} many {# результатов} other {# результата}}',
  'search.countMore':
    '{count, plural, one {# результат, возможно, не все} few {# результата, возможно, не все} many {# результатов, возможно, не все} other {# результата, возможно, не все}}',
  'search.more': 'Искать дальше',
  'search.name': 'Название сессии',
};
