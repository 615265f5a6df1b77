import type { Hit, Page, Part, ReadPage } from './hit';

/** The results of a search so far. */
export interface Found {
  hits: readonly Hit[];
  name: readonly Part[] | undefined;
  /** The cursor to continue from. Null when all was searched. */
  next: string | null;
}

export const NOTHING_YET: Found = { hits: [], name: undefined, next: null };

/** The number of empty answers in a row after which the person is asked whether to go on. */
const PATIENCE = 5;

/**
 * Searches on from where a search stopped, until there is something more to show. A page may be
 * empty and not the last: a request is bounded, the search is not.
 */
export async function searchOn(read: ReadPage, query: string, found: Found | null): Promise<Found> {
  let { hits, name, next } = found ?? NOTHING_YET;
  for (let asked = 0; asked < PATIENCE; asked += 1) {
    const page: Page = await read(query, next);
    hits = [...hits, ...page.hits];
    name ??= page.name;
    next = page.next;
    if (page.hits.length > 0 || next === null) break;
  }
  return { hits, name, next };
}
