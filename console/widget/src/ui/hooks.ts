import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Shown } from '../state';

/** Returns the shown state, and renders again when it changes. */
export function useShown<State extends object>(shown: Shown<State>): State {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    // Something may have changed between the first rendering and this.
    render(undefined);
    return shown.subscribe(() => {
      render(undefined);
    });
  }, [shown]);
  return shown.state;
}

/** Tells whether a media query holds. */
export function useMedia(query: string): boolean {
  const [list] = useState(() => matchMedia(query));
  const [isMatching, setMatching] = useState(list.matches);
  useEffect(() => {
    const changed = () => {
      setMatching(list.matches);
    };
    list.addEventListener('change', changed);
    return () => {
      list.removeEventListener('change', changed);
    };
  }, [list]);
  return isMatching;
}
