// Their letters are told apart by strokes and dots, which no decomposition takes away.
const BASE: Partial<Record<string, string>> = {
  ...{ ł: 'l', ø: 'o', đ: 'd', ħ: 'h', ŧ: 't', ı: 'i', ß: 'ss' },
  ...{ ي: 'ی', ك: 'ک', ى: 'ی' },
};

/** A title as the service compares it: case, accents, shapes of quotes and dashes do not count. */
function folded(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/['"`´‘’‚‛“”„‟‹›«»ʼʹ]/gu, "'")
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[łøđħŧıßيكى]/gu, (letter) => BASE[letter] ?? letter)
    .trim()
    .split(/\s+/u)
    .join(' ');
}

/** Tells whether two titles read the same. */
export function isSameTitle(one: string, other: string): boolean {
  return folded(one) === folded(other);
}
