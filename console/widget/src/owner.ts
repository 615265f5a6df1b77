import { isRecord, isText, type Kept } from './kept';

/** The key of the address of whoever used this browser last, if the page knew. */
const OWNER = 'owner';
/** The key of the visitor's token: without it the visitor is forgotten. */
const TOKEN = 'token';

/**
 * Makes room for the visitor that the page names. The conversation is kept in the page's storage,
 * by live chat: whoever uses the same browser finds it, until the page has named somebody. Who was
 * named and is named no more, or is another now, leaves nothing behind; who was nobody yet keeps
 * what they wrote when they are named. A tab remembers its own visitor, because another tab may
 * have made room before.
 */
export function claim(kept: Kept, tab: Kept, email: string | null): void {
  const wasAnothers = isAnothers(kept, email);
  if (wasAnothers) {
    // The owner first: the other visitor's tab hears of each change as it is made, and would take a
    // storage that is still its own for one that was only emptied, and claim it back.
    kept.write(OWNER, email);
    kept.clear(OWNER);
  }
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
 * Calls back when another page has made room for another visitor, or has forgotten this one. Gives
 * back how to stop.
 */
export function onReleased(kept: Kept, released: () => void): () => void {
  const isGone = () => kept.read(TOKEN, isRecord) === null;
  const unwatch = kept.watch((key) => {
    const isAbout = key === OWNER || key === TOKEN || key === '';
    if (isAbout && (kept.isForeign() || (key !== OWNER && isGone()))) released();
  });
  // A page that the visitor goes back to was asleep, and heard of no change.
  const shown = () => {
    if (kept.isForeign()) released();
  };
  addEventListener('pageshow', shown);
  return () => {
    unwatch();
    removeEventListener('pageshow', shown);
  };
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
