export const en = {
  'search.sessions': 'Search sessions by name',
  'search.dialog': 'Search this dialog',
  'search.focus': 'Search',
  'search.hits': 'Found',
  'search.searching': 'Searching …',
  'search.none': 'Nothing is found.',
  'search.count': '{count, plural, one {# hit} other {# hits}}',
  'search.countMore':
    '{count, plural, one {# hit, and there may be more} other {# hits, and there may be more}}',
  'search.more': 'Search further',
  'search.name': 'Name of the session',
};

export const ru: Record<keyof typeof en, string> = {
  'search.sessions': 'Искать сессии по названию',
  'search.dialog': 'Искать в этом диалоге',
  'search.focus': 'Поиск',
  'search.hits': 'Найдено',
  'search.searching': 'Ищем …',
  'search.none': 'Ничего не найдено.',
  'search.count':
    '{count, plural, one {# совпадение} few {# совпадения} many {# совпадений} other {# совпадения}}',
  'search.countMore':
    '{count, plural, one {# совпадение, могут быть ещё} few {# совпадения, могут быть ещё} many {# совпадений, могут быть ещё} other {# совпадения, могут быть ещё}}',
  'search.more': 'Искать дальше',
  'search.name': 'Название сессии',
};
