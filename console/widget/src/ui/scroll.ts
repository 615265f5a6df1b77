import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** So near the end counts as being there. */
const NEAR = 48;

/** The facts that decide how a list that grows at both ends scrolls. */
export interface Growing {
  /** The key of the first row: another one means that rows came before. */
  readonly firstKey: string | undefined;
  /** Changes with every row of the visitor's own: these are scrolled to. */
  readonly ownKey: string | undefined;
  /** Changes with anything that may change the height. */
  readonly content: unknown;
}

/**
 * Keeps a list where the visitor is: at the end while they are at the end, else at what they read,
 * also when rows come above.
 */
export function useScroll({ firstKey, ownKey, content }: Growing) {
  const listRef = useRef<HTMLDivElement>(null);
  const beforeRef = useRef({ firstKey, ownKey, height: 0 });
  const isAtEndRef = useRef(true);
  const [isAtEnd, showAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const element = listRef.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, []);

  const scrolled = useCallback(() => {
    const element = listRef.current;
    if (element === null) return;
    isAtEndRef.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    showAtEnd(isAtEndRef.current);
  }, []);

  useLayoutEffect(() => {
    const element = listRef.current;
    if (element === null) return;
    const { firstKey: first, ownKey: own, height } = beforeRef.current;
    if (isAtEndRef.current || (ownKey !== undefined && ownKey !== own)) toEnd();
    else if (firstKey !== first) element.scrollTop += element.scrollHeight - height;
    beforeRef.current = { firstKey, ownKey, height: element.scrollHeight };
    scrolled();
  }, [firstKey, ownKey, content, toEnd, scrolled]);

  // The keyboard of a phone, a longer draft: the end stays in sight.
  useLayoutEffect(() => {
    const element = listRef.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (isAtEndRef.current) toEnd();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [toEnd]);

  return { listRef, toEnd, scrolled, isAtEnd };
}
