import { find } from 'linkifyjs';

/** A piece of a text; with `href` it is a link. */
export interface TextPart {
  text: string;
  href?: string;
}

const ALLOWED = /^https?:\/\//i;
// What closes a quotation is not of the address in it.
const CLOSING = /[”’»›…]+$/;

/** A text in pieces. Only what is written as an http or https address is a link. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const link of find(text, 'url')) {
    const address = link.value.replace(CLOSING, '');
    if (!ALLOWED.test(address)) continue;
    if (link.start > end) parts.push({ text: text.slice(end, link.start) });
    parts.push({ text: address, href: address });
    end = link.start + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}
