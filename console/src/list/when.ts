/** The wording for a moment in a list. */
export type When =
  | { is: 'time' | 'yesterday' | 'weekday' | 'day' | 'date' }
  | { is: 'ago'; count: number; unit: 'minute' | 'hour' | 'day' }
  | { is: 'now' };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment by the day it lies on, as it is here. */
export function byDay(at: Date, now: Date): When {
  const days = daysBetween(at, now);
  if (days <= 0) return { is: 'time' };
  if (days === 1) return { is: 'yesterday' };
  if (days < 7) return { is: 'weekday' };
  return { is: at.getFullYear() === now.getFullYear() ? 'day' : 'date' };
}

/** Finds the wording for a moment. Clocks differ: a moment in the future counts as now. */
export function ago(at: Date, now: Date): When {
  const passed = now.getTime() - at.getTime();
  if (passed < MINUTE) return { is: 'now' };
  if (passed < HOUR) return { is: 'ago', count: Math.floor(passed / MINUTE), unit: 'minute' };
  if (passed < DAY) return { is: 'ago', count: Math.floor(passed / HOUR), unit: 'hour' };
  return { is: 'ago', count: Math.floor(passed / DAY), unit: 'day' };
}

/** Counts the calendar days between two times, in the local time zone. */
export function daysBetween(at: Date, now: Date): number {
  return Math.round((numbered(now) - numbered(at)) / DAY);
}

function numbered(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}
