import { useRef } from 'react';

/** The key of what somebody wants to make: the same for each try, another once they want something else. */
export function useWishKey(): { get: () => string; renew: () => void } {
  const key = useRef(crypto.randomUUID());
  return {
    get: () => key.current,
    renew: () => {
      key.current = crypto.randomUUID();
    },
  };
}
