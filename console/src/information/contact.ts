import type { MessageKey } from '../language/catalogue';

const NAMES: Partial<Record<string, MessageKey>> = {
  email: 'information.email',
  phone: 'information.phone',
  telegram: 'information.telegram',
  whatsapp: 'information.whatsApp',
};

/** Returns the name of a kind of contacts, or `undefined` for one that this page does not know. */
export function nameOfKind(kind: string): MessageKey | undefined {
  const known = kind.toLowerCase();
  return Object.hasOwn(NAMES, known) ? NAMES[known] : undefined;
}

/** The target of a contact. */
export interface ContactLink {
  href: string;
  /** True if it opens a page of somebody else. */
  isPage: boolean;
}

// Clients give any text: only well-formed contacts become links.
const MAIL = /^([^\s@<>()[\]\\,;:"]{1,64})@((?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,})$/u;
const GROUPING = /[\s().\-/\u2010-\u2015]/g;
const PHONE = /^\+?\d{3,15}$/;
// With the code of the country, which never begins with 0.
const WHATSAPP = /^\+?([1-9]\d{6,14})$/;
const TELEGRAM = /^@?([A-Za-z]\w{3,31})$/;
const LONGEST = 254;

/** Returns the link of a contact, or `undefined` where the value is not one that can be followed. */
export function linkOf(kind: string, value: string): ContactLink | undefined {
  const written = value.trim();
  if (written.length > LONGEST) return undefined;
  switch (kind.toLowerCase()) {
    case 'email':
      return mailOf(written);
    case 'phone': {
      const number = written.replace(GROUPING, '');
      return PHONE.test(number) ? { href: `tel:${number}`, isPage: false } : undefined;
    }
    case 'whatsapp':
      return pageOf('https://wa.me/', WHATSAPP.exec(written.replace(GROUPING, '')));
    case 'telegram':
      return pageOf('https://t.me/', TELEGRAM.exec(written));
    default:
      return undefined;
  }
}

function mailOf(written: string): ContactLink | undefined {
  const [, local, domain] = MAIL.exec(written) ?? [];
  if (local === undefined || domain === undefined) return undefined;
  // The part before the sign must not become a subject or a copy.
  return { href: `mailto:${encodeURIComponent(local.toWellFormed())}@${domain}`, isPage: false };
}

function pageOf(site: string, found: RegExpExecArray | null): ContactLink | undefined {
  const name = found?.[1];
  return name === undefined ? undefined : { href: site + name, isPage: true };
}
