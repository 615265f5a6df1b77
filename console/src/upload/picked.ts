/** The most bytes of a file. */
export const MOST_BYTES = 25 * 1024 * 1024;
/** The most files of a message. */
export const MOST_FILES = 10;

/** Why a file is not taken. */
export type Refused = 'tooLarge' | 'empty' | 'tooMany';

/** Divides files into those that a message with `count` files takes, and those it refuses, with reasons. */
export function sorted(
  files: readonly File[],
  count: number,
): { taken: File[]; refused: { file: File; why: Refused }[] } {
  const taken: File[] = [];
  const refused: { file: File; why: Refused }[] = [];
  for (const file of files) {
    const why = whyNot(file, count + taken.length);
    if (why === undefined) taken.push(file);
    else refused.push({ file, why });
  }
  return { taken, refused };
}

function whyNot(file: File, count: number): Refused | undefined {
  if (file.size > MOST_BYTES) return 'tooLarge';
  // A folder is one, too.
  if (file.size === 0) return 'empty';
  return count >= MOST_FILES ? 'tooMany' : undefined;
}

/** Returns the content type that the browser gives a file; `application/octet-stream` if it gives none. */
export function claimedType({ type }: Pick<File, 'type'>): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream';
}
