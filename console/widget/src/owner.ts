import { isText, type Kept } from './kept';

/** The key of the address of whoever used this browser last, if the page knew. */
const OWNER = 'owner';

/**
 * Makes room for the visitor that the page names. Who was named and is named no more, or is another
 * now, leaves nothing behind; who was nobody yet keeps what they wrote when they are named.
 */
export function claim(kept: Kept, tab: Kept, email: string | null): void {
  const owner = kept.read(OWNER, isText);
  if (owner !== null && owner.trim().toLowerCase() !== email) {
    for (const one of [kept, tab]) one.clear();
  }
  if (email !== null) kept.write(OWNER, email);
}
