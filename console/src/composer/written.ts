/** How many characters a text has, as the service counts them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

const LONGEST_QUERY = 100;

/** What is looked for among the ready answers: a line that begins with `/`. */
export function queryOf(text: string): string | undefined {
  if (!text.startsWith('/') || text.includes('\n') || text.length > LONGEST_QUERY) return undefined;
  // An address or a path is no query.
  return text.includes('/', 1) ? undefined : text.slice(1).trim();
}
