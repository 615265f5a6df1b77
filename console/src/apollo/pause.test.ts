import { expect, it } from 'vitest';
import { backoff } from './pause';

it('waits longer each time, up to half a minute, and never the same', () => {
  expect(backoff(0, 1)).toBe(500);
  expect(backoff(3, 1)).toBe(4_000);
  expect(backoff(3, 0)).toBe(2_000);
  expect(backoff(50, 1)).toBe(30_000);
});
