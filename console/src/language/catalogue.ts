import * as administration from '../administration/messages';
import * as alert from '../alert/messages';
import * as app from '../app/messages';
import * as channel from '../channel/messages';
import * as composer from '../composer/messages';
import * as desk from '../desk/messages';
import * as dialog from '../dialog/messages';
import * as error from '../error/messages';
import * as information from '../information/messages';
import * as list from '../list/messages';
import * as search from '../search/messages';
import * as shortcut from '../shortcut/messages';
import * as signIn from '../sign-in/messages';
import * as upload from '../upload/messages';

/**
 * All texts of the page, in ICU's message syntax. They stand in `messages.ts` beside the feature
 * that shows them, and keys begin with its name.
 */
const en = {
  ...administration.en,
  ...alert.en,
  ...app.en,
  ...channel.en,
  ...composer.en,
  ...desk.en,
  ...dialog.en,
  ...error.en,
  ...information.en,
  ...list.en,
  ...search.en,
  ...shortcut.en,
  ...signIn.en,
  ...upload.en,
};

export type MessageKey = keyof typeof en;

const ru: Record<MessageKey, string> = {
  ...administration.ru,
  ...alert.ru,
  ...app.ru,
  ...channel.ru,
  ...composer.ru,
  ...desk.ru,
  ...dialog.ru,
  ...error.ru,
  ...information.ru,
  ...list.ru,
  ...search.ru,
  ...shortcut.ru,
  ...signIn.ru,
  ...upload.ru,
};

export const catalogue: Record<Language, Record<MessageKey, string>> = { en, ru };

export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The name of each language in that language, and its direction of writing. */
export const languages: Record<Language, { name: string; direction: 'ltr' | 'rtl' }> = {
  en: { name: 'English', direction: 'ltr' },
  ru: { name: 'Русский', direction: 'ltr' },
};
