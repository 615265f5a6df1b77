import { expect, it } from 'vitest';
import { shiftOf, type Sight } from './anchor';

const sight: Sight = [
  ['a', 100],
  ['b', 160],
  ['c', 220],
];

it('follows most of what is in sight, not the one that was moved away', () => {
  const starts = new Map([
    ['a', 160],
    ['b', 0],
    ['c', 280],
  ]);
  expect(shiftOf(sight, (key) => starts.get(key))).toBe(60);
  expect(shiftOf(sight, () => undefined)).toBe(0);
  expect(shiftOf(sight, (key) => sight.find(([one]) => one === key)?.[1])).toBe(0);
});
