import { expect, it } from 'vitest';
import { preferred } from './preferred';

it('chooses the first language that the page speaks', () => {
  expect(preferred(['de-DE', 'ru-RU', 'en'])).toBe('ru');
  expect(preferred(['EN-gb'])).toBe('en');
  expect(preferred(['de'])).toBe('en');
});
