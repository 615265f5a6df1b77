import { find } from 'linkifyjs';

/** A piece of a text; with `href` it is a link. */
export interface TextPart {
  text: string;
  href?: string;
}

/** A link in a text: where it stands, and where it leads. */
interface Found {
  start: number;
  end: number;
  href: string;
}

/**
 * The characters that end an address: white space, quotation marks, the punctuation of Chinese and
 * Japanese, which stands without spaces, and signs of Markdown.
 */
const BETWEEN =
  /[\s<>"`“”„‘’‚«»‹›…—\u3000-\u3003\u3008-\u301f\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]|\*\*|~~|\]\(/;
/** The library's time grows with the square of what it is given; few addresses are longer. */
const LONGEST = 2048;
/** Whatever is not one of these is not worth asking the library. */
const PERHAPS = /:\/\/|www\.|@/i;
/**
 * The characters that end a sentence, a quotation or an emphasis rather than an address. Brackets
 * may belong to the address.
 */
const CLOSING = /^[\p{P}`~|^]$/u;
const KEPT = '/&#%@-()[]{}';
const OPENING = /^[*_~|^'{]+/;
const WEB = /^https?:\/\//i;
// Words of these scripts stand before an address without a space.
const BARE_WEB = /(?:^|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{P}])(www\.)/iu;
const UNSPACED = /^.*[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;

/** A text in pieces, which joined are the text. Links are web addresses and those of e-mail. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const link of linksOf(text)) {
    if (link.start > end) parts.push({ text: text.slice(end, link.start) });
    parts.push({ text: text.slice(link.start, link.end), href: link.href });
    end = link.end;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

function linksOf(text: string): Found[] {
  const found: Found[] = [];
  let at = 0;
  for (const run of text.split(BETWEEN)) {
    const start = text.indexOf(run, at);
    at = start + run.length;
    if (run.length > LONGEST || !PERHAPS.test(run)) continue;
    for (const { type, value, start: offset } of find(run)) {
      const link = type === 'email' ? mailOf(value) : webOf(value);
      if (link === null) continue;
      const before = start + offset;
      found.push({ ...link, start: before + link.start, end: before + link.end });
    }
  }
  return found;
}

/** An address of the web that is written out: with its scheme, or with `www`. */
function webOf(value: string): Found | null {
  if (WEB.test(value)) {
    const end = endOf(value);
    return followable(value.slice(0, end), 0, end);
  }
  const bare = BARE_WEB.exec(value);
  if (bare === null) return null;
  const start = bare.index + bare[0].length - 'www.'.length;
  const end = endOf(value);
  return followable(`https://${value.slice(start, end)}`, start, end);
}

function followable(address: string, start: number, end: number): Found | null {
  try {
    const { href, protocol } = new URL(address);
    return protocol === 'http:' || protocol === 'https:' ? { start, end, href } : null;
  } catch {
    return null;
  }
}

function mailOf(value: string): Found | null {
  const lead = UNSPACED.exec(value.slice(0, value.lastIndexOf('@')))?.[0].length ?? 0;
  const start = lead + (OPENING.exec(value.slice(lead))?.[0].length ?? 0);
  const at = value.lastIndexOf('@');
  if (start >= at) return null;
  // The part before the sign must not become a subject or a copy.
  const local = encodeURIComponent(value.slice(start, at));
  return { start, end: value.length, href: `mailto:${local}${value.slice(at)}` };
}

function endOf(value: string): number {
  let end = value.length;
  for (;;) {
    const last = value[end - 1] ?? '';
    if (!CLOSING.test(last) || KEPT.includes(last)) return end;
    end -= 1;
  }
}
