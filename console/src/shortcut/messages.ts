export const en = {
  'shortcut.title': 'Keyboard shortcuts',
  'shortcut.help': 'Show the shortcuts',
  'shortcut.enabled': 'Single keys work as shortcuts',
};

export const ru: Record<keyof typeof en, string> = {
  'shortcut.title': 'Горячие клавиши',
  'shortcut.help': 'Показать горячие клавиши',
  'shortcut.enabled': 'Отдельные клавиши работают как команды',
};
