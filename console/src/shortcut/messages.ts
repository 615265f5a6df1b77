export const en = {
  'shortcut.title': 'Keyboard shortcuts',
  'shortcut.help': 'Show the keyboard shortcuts',
  'shortcut.enabled': 'Use single keys as shortcuts',
};

export const ru: Record<keyof typeof en, string> = {
  'shortcut.title': 'Горячие клавиши',
  'shortcut.help': 'Показать горячие клавиши',
  'shortcut.enabled': 'Использовать отдельные клавиши как команды',
};
