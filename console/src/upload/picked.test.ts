import { describe, expect, it } from 'vitest';
import { claimedType, MOST_BYTES, sorted } from './picked';

const file = (size: number) => ({ size, name: 'a' }) as File;

describe('files that somebody chose', () => {
  it('are taken as far as a message has room, and the others are named with the reason', () => {
    const files = [file(0), file(MOST_BYTES), file(MOST_BYTES + 1), file(1), file(2)];
    const { taken, refused } = sorted(files, 8);
    expect(taken).toEqual([files[1], files[3]]);
    expect(refused.map(({ why }) => why)).toEqual(['empty', 'tooLarge', 'tooMany']);
  });

  it('claim the type that their machine has for them, or none', () => {
    expect(claimedType({ type: 'image/svg+xml' })).toBe('image/svg+xml');
    for (const type of ['', 'image', 'text/plain; charset=utf-8', 'a/b/c']) {
      expect(claimedType({ type })).toBe('application/octet-stream');
    }
  });
});
