import { createContext, use, useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { Language, MessageKey } from './catalogue';
import { isolate } from './isolate';

export const LanguageContext = createContext<{
  language: Language;
  setLanguage: (language: Language) => void;
} | null>(null);

/** The language of the page, and how to choose another. */
export function useLanguage() {
  const context = use(LanguageContext);
  if (context === null) throw new Error('There is no LanguageProvider above.');
  return context;
}

export type TextValues = Record<string, string | number | boolean | Date | null | undefined>;

/** A text of the page: `text('list.unread', { count: 3 })`. */
export type Text = (key: MessageKey, values?: TextValues) => string;

/** Gives the texts of the page in its language. For dates and numbers take `useIntl`. */
export function useText(): Text {
  const intl = useIntl();
  return useCallback((key, values) => intl.formatMessage({ id: key }, isolated(values)), [intl]);
}

/** Names and titles are somebody's words: they turn no sentence around. */
function isolated(values: TextValues | undefined): TextValues | undefined {
  if (values === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? isolate(value) : value,
    ]),
  );
}
