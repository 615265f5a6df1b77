import { useRef } from 'react';

/** Holds the idempotency key of a creation: the same for each try, until `renew` is called. */
export function useIdempotencyKey(): { get: () => string; renew: () => void } {
  const key = useRef(crypto.randomUUID());
  return {
    get: () => key.current,
    renew: () => {
      key.current = crypto.randomUUID();
    },
  };
}
