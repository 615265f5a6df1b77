import { useCallback, useSyncExternalStore } from 'react';
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

// A timer takes no longer time than this.
const LONGEST = 2 ** 31 - 1;

/** Tells whether a moment is past: at once when it passes. A moment that is none never passes. */
export function useIsPast(at: string | null | undefined): boolean {
  const moment = at == null ? NaN : Date.parse(at);
  const subscribeTo = useCallback(
    (listener: () => void) => {
      // The ticking finds what a corrected clock or a slept tab makes of it.
      const stop = subscribe(listener);
      const left = moment - clock.now();
      const passing = left > 0 && left < LONGEST ? setTimeout(listener, left + 1) : undefined;
      return () => {
        stop();
        clearTimeout(passing);
      };
    },
    [moment],
  );
  return useSyncExternalStore(subscribeTo, () => clock.now() >= moment);
}

/** The beginning of today, here. It is another at midnight, and only then. */
export function useToday(): Date {
  return new Date(
    useSyncExternalStore(subscribe, () => new Date(clock.now()).setHours(0, 0, 0, 0)),
  );
}
