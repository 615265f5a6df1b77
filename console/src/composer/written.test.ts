import { describe, expect, it } from 'vitest';
import { cut, lengthOf, queryOf } from './written';

describe('what is written', () => {
  it('is as long as it has characters', () => {
    expect(lengthOf('')).toBe(0);
    expect(lengthOf('abc')).toBe(3);
    expect(lengthOf('Привет 🙂')).toBe(8);
  });

  it.each([
    ['/', ''],
    ['/hel', 'hel'],
    ['/two words ', 'two words'],
    ['', undefined],
    ['a/b', undefined],
    [' /a', undefined],
    ['/etc/passwd', undefined],
    ['/a\nb', undefined],
    [`/${'a'.repeat(200)}`, undefined],
  ])('looks for a ready answer or not: %j', (written, query) => {
    expect(queryOf(written)).toBe(query);
  });

  it('is cut between characters, never in one', () => {
    expect(cut('abc', 2)).toBe('ab');
    expect(cut('a🙂b', 2)).toBe('a');
    expect(cut('a🙂b', 3)).toBe('a🙂');
    expect(cut('a🙂', 3)).toBe('a🙂');
  });
});
