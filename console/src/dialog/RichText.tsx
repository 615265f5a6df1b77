import { useMemo } from 'react';
import { partsOf } from './links';

/** What somebody wrote: as it is, with its addresses to click on. */
export function RichText({ children }: { children: string }) {
  const parts = useMemo(() => partsOf(children), [children]);
  return parts.map(({ text, href }, index) =>
    href === undefined ? (
      text
    ) : (
      <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {text}
      </a>
    ),
  );
}
