type Tree = Record<string, unknown>;

/**
 * Lays the fields of a newer answer over an older one that arrives later. Fields that only the
 * older answer has stay. Pages of connections are taken from the older answer: a list is not a
 * field of the object that it hangs on, and its entries have versions of their own.
 */
export function overlay(older: unknown, newer: unknown): unknown {
  if (newer === undefined) return older;
  if (Array.isArray(older) && Array.isArray(newer)) return overlayList(older, newer);
  if (!isTree(older) || !isTree(newer)) return newer;
  if (isConnection(older)) return older;
  if (older.__typename !== newer.__typename || older.id !== newer.id) return newer;
  const merged: Tree = { ...older };
  for (const [key, value] of Object.entries(newer)) merged[key] = overlay(older[key], value);
  return merged;
}

function overlayList(older: unknown[], newer: unknown[]): unknown[] {
  const known = new Map(older.filter(isTree).map((entry) => [entry.id, entry]));
  return newer.map((entry) =>
    isTree(entry) && entry.id !== undefined ? overlay(known.get(entry.id), entry) : entry,
  );
}

function isConnection(tree: Tree): boolean {
  return typeof tree.__typename === 'string' && tree.__typename.endsWith('Connection');
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
