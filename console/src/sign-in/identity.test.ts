import { describe, expect, it } from 'vitest';
import { expiryOf, lapses } from './identity';

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
});
