import type { Language, MessageKey } from './catalogue';

declare global {
  namespace FormatjsIntl {
    interface Message {
      ids: MessageKey;
    }
    interface IntlConfig {
      locale: Language;
    }
  }
}
