import { expect, it } from 'vitest';
import type { Hit, Page } from './hit';
import { searchOn } from './searching';

const hit = (path: string): Hit => ({ path, parts: [], of: '', at: '' });

/** Answers with these pages one after the other, each after the place that the last one gave. */
function pages(...answers: Page[]) {
  const asked: (string | null)[] = [];
  const read = (_query: string, after: string | null) => {
    asked.push(after);
    const page = answers[asked.length - 1];
    return page === undefined ? Promise.reject(new Error('one too many')) : Promise.resolve(page);
  };
  return { read, asked };
}

it('goes on past pages without a hit', async () => {
  const { read, asked } = pages({ hits: [], next: 'a' }, { hits: [hit('1')], next: 'b' });
  const found = await searchOn(read, 'x', null);
  expect(found.hits.map(({ path }) => path)).toEqual(['1']);
  expect(found.next).toBe('b');
  expect(asked).toEqual([null, 'a']);
});

it('adds to what was found, from where it stopped', async () => {
  const first = pages({ hits: [hit('1')], name: [{ text: 'x', isMatch: true }], next: 'a' });
  const found = await searchOn(first.read, 'x', null);
  const second = pages({ hits: [hit('2')], next: null });
  const all = await searchOn(second.read, 'x', found);
  expect(second.asked).toEqual(['a']);
  expect(all.hits.map(({ path }) => path)).toEqual(['1', '2']);
  expect(all.name).toEqual([{ text: 'x', isMatch: true }]);
  expect(all.next).toBeNull();
});

it('ends where nothing is left', async () => {
  const { read } = pages({ hits: [], next: null });
  expect(await searchOn(read, 'x', null)).toEqual({ hits: [], name: undefined, next: null });
});

it('asks a person before it searches very far for nothing', async () => {
  const empty = { hits: [], next: 'further' };
  const { read, asked } = pages(empty, empty, empty, empty, empty);
  expect((await searchOn(read, 'x', null)).next).toBe('further');
  expect(asked).toHaveLength(5);
});
