import { expect, it } from 'vitest';
import { remaining } from './remaining';

const now = new Date('2026-03-10T10:45:00Z');
const until = (at: string) => remaining(new Date(`2026-03-10T${at}Z`), now);

it('says whole hours and minutes', () => {
  expect(until('14:05:59')).toEqual({ hours: 3, minutes: 20, isSoon: false });
  expect(until('14:05:00')).toEqual({ hours: 3, minutes: 20, isSoon: false });
  expect(until('11:45:00')).toEqual({ hours: 1, minutes: 0, isSoon: false });
});

it('says from under an hour on that it is soon', () => {
  expect(until('11:44:59.999')).toEqual({ hours: 0, minutes: 59, isSoon: true });
  expect(until('11:44:00')).toEqual({ hours: 0, minutes: 59, isSoon: true });
});

it('never says that nothing is left', () => {
  expect(until('10:45:01')).toEqual({ hours: 0, minutes: 1, isSoon: true });
  expect(until('10:44:00')).toEqual({ hours: 0, minutes: 1, isSoon: true });
});
