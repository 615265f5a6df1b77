import { expect, it } from 'vitest';
import { hueOf, initialsOf } from './initials';

it('takes the first letters of a name in any script', () => {
  expect(initialsOf('Zoe Hart')).toBe('ZH');
  expect(initialsOf('ольга петрова-водкина')).toBe('ОВ');
  expect(initialsOf('李雷')).toBe('李');
  expect(initialsOf('😀 smile')).toBe('😀S');
  expect(initialsOf('\u202eZoe \u2066Hart')).toBe('ZH');
  expect(initialsOf('  ')).toBe('');
});

it('gives a name its colour', () => {
  expect(hueOf('Zoe', 6)).toBe(hueOf('Zoe', 6));
  const hues = ['Ann', 'Bob', 'Cid', 'Dan', 'Eve', 'Fay', 'Gus'].map((name) => hueOf(name, 6));
  expect(new Set(hues).size).toBeGreaterThan(2);
});
