/** A piece of a text: plain, or an address that can be followed. */
export interface TextPiece {
  readonly text: string;
  readonly href: string | null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/gi;
/** What ends a sentence or a quotation rather than an address. */
const TRAILING = /[.,;:!?'’”»…*_]+$/;

/** Cuts a text into plain pieces and addresses with http or https. Joined they are the text. */
export function pieces(text: string): TextPiece[] {
  const found: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimmed(match[0]);
    const href = followable(shown);
    if (href === null) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), href: null });
    found.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), href: null });
  return found;
}

/** Without the punctuation after it; a bracket stays when it was opened inside. */
function trimmed(address: string): string {
  let shown = address;
  for (;;) {
    const shorter = shown.replace(TRAILING, '');
    const last = shorter.at(-1) ?? '';
    const opening = { ')': '(', ']': '[', '}': '{' }[last];
    const isOpen = opening !== undefined && count(shorter, opening) < count(shorter, last);
    const next = isOpen ? shorter.slice(0, -1) : shorter;
    if (next === shown) return shown;
    shown = next;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function followable(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}
