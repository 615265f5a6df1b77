import type { Refused } from '../../../src/upload/picked';
import { en } from './en';
import { ru } from './ru';

/** The texts of the widget in one language. */
export interface Texts {
  readonly chat: string;
  readonly openChat: string;
  readonly closeChat: string;
  readonly unread: (count: number) => string;
  readonly welcome: string;
  readonly welcomeHint: string;
  readonly loading: string;
  readonly offline: string;
  readonly barred: string;
  readonly messages: string;
  readonly earlier: string;
  readonly earlierFailed: string;
  readonly today: string;
  readonly yesterday: string;
  readonly you: string;
  readonly typing: (name: string) => string;
  readonly newMessages: string;
  readonly placeholder: string;
  readonly send: string;
  readonly tooLong: (most: number) => string;
  readonly tooMany: string;
  readonly sending: string;
  readonly notSent: string;
  readonly retry: string;
  readonly discard: string;
  readonly attach: string;
  readonly remove: string;
  /** Why a file is not taken. */
  readonly notTaken: (why: Refused) => string;
  readonly closePicture: string;
  readonly before: string;
  readonly after: string;
  readonly filePending: string;
  readonly fileRefused: string;
  /** Why a message was not sent, by code; null where there is nothing to add. */
  readonly reason: (code: string) => string | null;
}

const TEXTS = { en, ru } as const satisfies Record<string, Texts>;

export type Language = keyof typeof TEXTS;

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(TEXTS, text);
}

export function textsOf(language: Language): Texts {
  return TEXTS[language];
}
