import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** So near the end counts as being there. */
const NEAR = 48;

/** What the scrolling of a list that grows at both ends is about. */
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
  const list = useRef<HTMLDivElement>(null);
  const before = useRef({ firstKey, ownKey, height: 0 });
  const isAtEnd = useRef(true);
  const [isAtEndShown, showAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const element = list.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, []);

  const scrolled = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    showAtEnd(isAtEnd.current);
  }, []);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const { firstKey: first, ownKey: own, height } = before.current;
    if (isAtEnd.current || (ownKey !== undefined && ownKey !== own)) toEnd();
    else if (firstKey !== first) element.scrollTop += element.scrollHeight - height;
    before.current = { firstKey, ownKey, height: element.scrollHeight };
    scrolled();
  }, [firstKey, ownKey, content]);

  // The keyboard of a phone, a longer draft: the end stays in sight.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { list, toEnd, scrolled, isAtEnd: isAtEndShown };
}
