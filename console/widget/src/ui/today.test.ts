import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followDays, nowAfter } from './today';

const page = new EventTarget();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('days are said anew at every midnight, and not before', () => {
  vi.setSystemTime(new Date(2026, 2, 10, 23, 59, 30));
  const changed = vi.fn();
  const stop = followDays(changed);
  vi.advanceTimersByTime(29_000);
  expect(changed).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(1_000);
  expect(changed).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(changed).toHaveBeenCalledTimes(2);
  stop();
  vi.advanceTimersByTime(48 * 3_600_000);
  expect(changed).toHaveBeenCalledTimes(2);
});

test('a page that slept through midnight says it when it is looked at', () => {
  vi.setSystemTime(new Date(2026, 2, 10, 12));
  const changed = vi.fn();
  const stop = followDays(changed);
  page.dispatchEvent(new Event('visibilitychange'));
  expect(changed).toHaveBeenCalledTimes(0);
  // Timers stand still while a machine sleeps.
  vi.setSystemTime(new Date(2026, 2, 11, 8));
  page.dispatchEvent(new Event('visibilitychange'));
  expect(changed).toHaveBeenCalledTimes(1);
  stop();
});

test('no message is of a later day than today, however far behind the clock is', () => {
  const local = new Date(2026, 2, 10, 12);
  expect(nowAfter(undefined, local)).toBe(local);
  expect(nowAfter(new Date(2026, 2, 9).toISOString(), local)).toBe(local);
  expect(nowAfter('nonsense', local)).toBe(local);
  const sent = new Date(2026, 2, 12, 1);
  expect(nowAfter(sent.toISOString(), local)).toEqual(sent);
});
