import { useEffect, useState } from 'react';

/** The state of a promise. */
export type Async<T> =
  { is: 'pending' } | { is: 'done'; value: T } | { is: 'failed'; error: unknown };

/** Starts something once, and again when asked to. Give it a function that does not change. */
export function useAsync<T>(start: () => Promise<T>): [Async<T>, () => void] {
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<Async<T>>({ is: 'pending' });
  useEffect(() => {
    let current = true;
    start().then(
      (value) => {
        if (current) setState({ is: 'done', value });
      },
      (error: unknown) => {
        if (current) setState({ is: 'failed', error });
      },
    );
    return () => {
      current = false;
    };
  }, [start, tries]);
  const again = () => {
    setState({ is: 'pending' });
    setTries(tries + 1);
  };
  return [state, again];
}
