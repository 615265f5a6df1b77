import { pieces } from '../link';

/** A text of somebody: never markup, except that addresses can be followed. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map(({ text, href }, index) =>
        href === null ? (
          text
        ) : (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {text}
          </a>
        ),
      )}
    </>
  );
}
