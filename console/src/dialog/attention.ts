import { useSyncExternalStore } from 'react';

const EVENTS = ['focus', 'blur', 'visibilitychange'] as const;

function subscribe(listener: () => void): () => void {
  const targets = [window, document];
  for (const target of targets) for (const name of EVENTS) target.addEventListener(name, listener);
  return () => {
    for (const target of targets) {
      for (const name of EVENTS) target.removeEventListener(name, listener);
    }
  };
}

/** Tells whether somebody looks at the page: it is visible and has the focus. */
export function useAttention(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => document.visibilityState === 'visible' && document.hasFocus(),
  );
}
