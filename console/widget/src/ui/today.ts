import { useEffect, useReducer } from 'preact/hooks';

/** Now. A machine whose clock is behind is wrong about the day: nothing was sent after today. */
export function nowAfter(newest: string | undefined, local = new Date()): Date {
  const sent = newest === undefined ? NaN : Date.parse(newest);
  return sent > local.getTime() ? new Date(sent) : local;
}

/** Calls at every midnight, and when a page that slept through one is looked at again. */
export function followDays(changed: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let day = new Date().toDateString();
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(look, untilMidnight(new Date()));
    const today = new Date().toDateString();
    if (today === day) return;
    day = today;
    changed();
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

function untilMidnight(now: Date): number {
  return new Date(now).setHours(24, 0, 0, 0) - now.getTime();
}

/** Now, for the names of days: they are said anew at midnight. */
export function useDay(newest: string | undefined): Date {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(
    () =>
      followDays(() => {
        render(undefined);
      }),
    [],
  );
  return nowAfter(newest);
}
