import { expect, it } from 'vitest';
import { ago, byDay, daysBetween } from './when';

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

it('counts days of the calendar, also those that are longer or shorter', () => {
  const before = process.env.TZ;
  try {
    process.env.TZ = 'Europe/Berlin';
    const days = (at: string, at2: string) => daysBetween(new Date(at), new Date(at2));
    // On 29 March 2026 the clocks go forward, on 25 October back: 23 and 25 hours.
    expect(days('2026-03-29T00:30:00+01:00', '2026-03-30T00:10:00+02:00')).toBe(1);
    expect(days('2026-03-28T23:30:00+01:00', '2026-03-30T00:10:00+02:00')).toBe(2);
    expect(days('2026-10-25T00:10:00+02:00', '2026-10-25T23:50:00+01:00')).toBe(0);
    expect(days('2026-10-25T00:10:00+02:00', '2026-10-26T00:10:00+01:00')).toBe(1);
    expect(days('2026-10-24T23:50:00+02:00', '2026-10-26T00:10:00+01:00')).toBe(2);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
