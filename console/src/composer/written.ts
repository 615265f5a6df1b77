/** Counts the characters of a text, as the service does. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

const LONGEST_QUERY = 100;

/** Returns the query for ready answers: a line that begins with `/`. */
export function queryOf(text: string): string | undefined {
  if (!text.startsWith('/') || text.includes('\n') || text.length > LONGEST_QUERY) return undefined;
  // An address or a path is no query.
  return text.includes('/', 1) ? undefined : text.slice(1).trim();
}

/** The beginning of a text, so many units at most; no character is cut in two. */
export function cut(text: string, most: number): string {
  const cutsHigh = /[\ud800-\udbff]/.test(text.charAt(most - 1));
  return text.slice(0, cutsHigh && text.length > most ? most - 1 : most);
}
