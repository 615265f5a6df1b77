import { describe, expect, it } from 'vitest';
import { expiryOf, isEnding, lapses } from './identity';

const jwt = (claims: object) =>
  ['head', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature'].join('.');

describe('a token', () => {
  it('says when it expires', () => {
    expect(expiryOf(jwt({ exp: 1_800_000_000, name: 'Ünal ?>~' }))).toBe(1_800_000_000_000);
  });

  it('may be opaque', () => {
    expect(expiryOf('opaque')).toBeUndefined();
    expect(expiryOf(jwt({ sub: 'ann' }))).toBeUndefined();
  });

  it('is renewed before it expires', () => {
    expect(lapses(100_000, 69_000)).toBe(false);
    expect(lapses(100_000, 71_000)).toBe(true);
    expect(lapses(undefined, 71_000)).toBe(false);
  });

  it('ends by the clock that set its end', () => {
    const [noon, hour] = [1_800_000_000, 3_600_000];
    const token = jwt({ exp: noon });
    const before = noon * 1000 - 5 * 60_000;
    // The local clock is three hours ahead, then three hours behind.
    expect(isEnding(token, undefined, { service: before, local: before + 3 * hour })).toBe(false);
    expect(isEnding(token, noon + 9_000, { service: noon * 1000, local: 0 })).toBe(true);
    // Of an opaque one only the seconds are known that were left when it came.
    const opaque = (local: number) => isEnding('opaque', noon, { service: 0, local });
    expect(opaque(before)).toBe(false);
    expect(opaque(noon * 1000)).toBe(true);
    expect(isEnding('opaque', undefined, { service: 0, local: before })).toBe(false);
  });
});
