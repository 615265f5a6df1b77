import { expect, it } from 'vitest';
import { ago, byDay } from './when';

const now = new Date(2026, 2, 10, 12, 0);

it('says a moment by its day', () => {
  const is = (...at: [number, number, number, number]) => byDay(new Date(...at), now).is;
  expect(is(2026, 2, 10, 0)).toBe('time');
  expect(is(2026, 2, 10, 13)).toBe('time');
  expect(is(2026, 2, 9, 23)).toBe('yesterday');
  expect(is(2026, 2, 8, 23)).toBe('weekday');
  expect(is(2026, 2, 4, 0)).toBe('weekday');
  expect(is(2026, 2, 3, 23)).toBe('day');
  expect(is(2025, 11, 31, 23)).toBe('date');
});

it('says how long somebody waits', () => {
  const since = (seconds: number) => ago(new Date(now.getTime() - seconds * 1000), now);
  expect(since(-5)).toEqual({ is: 'now' });
  expect(since(59)).toEqual({ is: 'now' });
  expect(since(60)).toEqual({ is: 'ago', count: 1, unit: 'minute' });
  expect(since(3_599)).toEqual({ is: 'ago', count: 59, unit: 'minute' });
  expect(since(7_200)).toEqual({ is: 'ago', count: 2, unit: 'hour' });
  expect(since(200_000)).toEqual({ is: 'ago', count: 2, unit: 'day' });
});
