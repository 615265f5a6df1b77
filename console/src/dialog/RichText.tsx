import { useMemo } from 'react';
import { partsOf } from './links';

/** A text as it was written, with its addresses as links. */
export function RichText({ children }: { children: string }) {
  const parts = useMemo(() => partsOf(children), [children]);
  return parts.map(({ text, href }, index) =>
    href === undefined ? (
      // Bare text beside others would be lost to who has the page translated.
      <span key={index}>{text}</span>
    ) : (
      <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {text}
      </a>
    ),
  );
}
