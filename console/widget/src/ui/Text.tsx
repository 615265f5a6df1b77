import { partsOf } from '../../../src/dialog/links';

/**
 * A text of somebody: never markup, except that addresses can be followed. Each piece has an element
 * of its own: browsers that translate a page replace text that stands bare.
 */
export function Text({ text }: { text: string }) {
  return (
    <>
      {partsOf(text).map(({ text, href }, index) =>
        href === undefined ? (
          <span key={`${index} ${text}`}>{text}</span>
        ) : (
          <a
            key={`${index} ${text}`}
            href={href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            translate={false}
          >
            {text}
          </a>
        ),
      )}
    </>
  );
}
