import { useSyncExternalStore } from 'react';
import { clock } from './clock';

/** The interval at which shown times are refreshed. */
const STEP = 15_000;

// One ticking for the whole page.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

const tell = () => {
  listeners.forEach((listener) => {
    listener();
  });
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setInterval(tell, STEP);
    // A tab that slept is told at once.
    document.addEventListener('visibilitychange', tell);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tell);
    timer = undefined;
  };
}

/** Now, in steps, as the service has it: whoever shows a moment says it anew as time goes by. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => Math.floor(clock.now() / STEP) * STEP));
}

/** The beginning of today, here. It is another at midnight, and only then. */
export function useToday(): Date {
  return new Date(
    useSyncExternalStore(subscribe, () => new Date(clock.now()).setHours(0, 0, 0, 0)),
  );
}
