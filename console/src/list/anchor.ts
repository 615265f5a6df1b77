/** Lines in sight, by their keys, and where they begin. */
export type Sight = readonly (readonly [key: string, start: number])[];

/**
 * By how much most of the lines in sight have moved: so far the pane is scrolled after them, so
 * that what one looks at stays where it is while others come and go above.
 */
export function shiftOf(sight: Sight, startOf: (key: string) => number | undefined): number {
  const counts = new Map<number, number>();
  for (const [key, before] of sight) {
    const start = startOf(key);
    if (start !== undefined) counts.set(start - before, (counts.get(start - before) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
  return most?.[0] ?? 0;
}
