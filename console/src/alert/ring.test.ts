import { expect, it } from 'vitest';
import { createMemory } from './ring';

it('knows an alert that came before, and forgets the oldest', () => {
  const isNew = createMemory(2);
  expect([isNew('a'), isNew('a'), isNew('b'), isNew('c'), isNew('a')]).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
});
