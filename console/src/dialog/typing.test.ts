import { describe, expect, it } from 'vitest';
import { lasts } from './typing';

describe('somebody who types', () => {
  const now = Date.parse('2026-03-01T12:00:00.000Z');

  it('counts as typing until then', () => {
    expect(lasts('2026-03-01T12:00:06.000Z', now)).toBe(6_000);
  });

  it('is shown, and not forever, where the clock is wrong', () => {
    expect(lasts('2026-03-01T11:00:00.000Z', now)).toBe(1_000);
    expect(lasts('2026-03-01T13:00:00.000Z', now)).toBe(10_000);
    expect(lasts('soon', now)).toBe(1_000);
  });
});
