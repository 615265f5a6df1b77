export const en = {
  'dialog.label': 'Dialog',
};

export const ru: Record<keyof typeof en, string> = {
  'dialog.label': 'Диалог',
};
