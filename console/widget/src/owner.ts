import { isText, type Kept } from './kept';

/** The key of the address of whoever used this browser last, if the page knew. */
const OWNER = 'owner';
const TOKEN = 'token';

/**
 * Makes room for the visitor that the page names. Who was named and is named no more, or is another
 * now, leaves nothing behind; who was nobody yet keeps what they wrote when they are named. A tab
 * remembers its own visitor, because another tab may have made room before.
 */
export function claim(kept: Kept, tab: Kept, email: string | null): void {
  const wasAnothers = isAnothers(kept, email);
  if (wasAnothers) kept.clear();
  if (wasAnothers || isAnothers(tab, email)) tab.clear();
  if (email !== null) for (const one of [kept, tab]) one.write(OWNER, email);
  kept.bind(OWNER);
}

/** Forgets the visitor, unless another tab has made room for somebody else. */
export function release(kept: Kept, tab: Kept, email: string | null): void {
  if (isOwner(kept, email)) kept.clear();
  tab.clear();
}

/**
 * Calls back when another tab has made room for another visitor, or has forgotten this one. Gives
 * back how to stop.
 */
export function onReleased(kept: Kept, released: () => void): () => void {
  return kept.watch((key) => {
    const mayBe = key === OWNER || key === TOKEN || key === '';
    const isGone = () => kept.read(TOKEN, (value) => value !== null) === null;
    if (mayBe && (kept.isForeign() || (key !== OWNER && isGone()))) released();
  });
}

/** Tells whether the storage is that of this visitor. */
export function isOwner(kept: Kept, email: string | null): boolean {
  return ownerOf(kept) === email;
}

function isAnothers(kept: Kept, email: string | null): boolean {
  const owner = ownerOf(kept);
  return owner !== null && owner !== email;
}

/** The owner; an older version kept the address as it was written. */
function ownerOf(kept: Kept): string | null {
  return kept.read(OWNER, isText)?.trim().toLowerCase() ?? null;
}
