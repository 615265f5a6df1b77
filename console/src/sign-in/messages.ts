export const en = {
  'signIn.title': 'Sign in to ChatDesk',
  'signIn.demo': 'Who do you want to be?',
  'signIn.start': 'Sign in',
  'signIn.failed': 'Signing in failed. Try again.',
};

export const ru: Record<keyof typeof en, string> = {
  'signIn.title': 'Вход в ChatDesk',
  'signIn.demo': 'Кем вы хотите быть?',
  'signIn.start': 'Войти',
  'signIn.failed': 'Войти не удалось. Попробуйте снова.',
};
