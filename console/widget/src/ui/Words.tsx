/**
 * Words that may change. Browsers that translate a page put their own node in the place of a text, so
 * that a change of the text would not be seen: here the element is another one with each text.
 */
export function Words({ children, dir }: { children: string; dir?: 'auto' | undefined }) {
  return (
    <span key={children} dir={dir}>
      {children}
    </span>
  );
}
