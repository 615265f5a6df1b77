/** The first letters of a name's first and last word, as its script writes them. */
export function initialsOf(name: string): string {
  // Characters that only steer the direction of writing are not letters.
  const written = name.replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
  const words = written.split(/[\s\p{P}]+/u).filter((word) => word !== '');
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return [first, last].map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('');
}

/** One of so many colours, always the same for a name. */
export function hueOf(name: string, colors: number): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % colors;
}
