import { expect, it } from 'vitest';
import { Handed, MOST_HANDED } from './handed';

function place(kept: string | null = null) {
  let value = kept;
  return {
    getItem: () => value,
    setItem: (_: string, next: string) => {
      value = next;
    },
  };
}

it('remembers what was given to me until it is opened, for every tab', () => {
  const there = place();
  const [one, other] = [new Handed(there), new Handed(there)];
  one.add('a');
  other.readAgain();
  expect(other.has('a')).toBe(true);
  other.add('b');
  one.drop('a');
  one.readAgain();
  expect([one.has('a'), one.has('b')]).toEqual([false, true]);
});

it('has a bound, and forgets the oldest', () => {
  const given = new Handed(place());
  for (let count = 0; count <= MOST_HANDED; count += 1) given.add(`${count}`);
  expect([given.has('0'), given.has('1'), given.has(`${MOST_HANDED}`)]).toEqual([
    false,
    true,
    true,
  ]);
});

it('reads calmly what it cannot understand', () => {
  for (const kept of ['{', '{}', '[1]']) expect(new Handed(place(kept)).has('1')).toBe(false);
});
