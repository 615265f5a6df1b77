/** Attributes by which pages change how their root and body look. */
const LOOKS = ['class', 'style', 'hidden'];

/**
 * Keeps an element in the document: at the end of the body, where pages that hydrate their whole
 * document pass over it, however late they do. Beside the body where the body would move, hide or
 * filter it. A page that replaces its children, its body or the whole document loses it for a moment.
 * Gives back how to take it away.
 */
export function stay(host: HTMLElement): () => void {
  const watch = new MutationObserver(() => {
    put();
  });
  const put = () => {
    const { body, documentElement: root } = document as Partial<Document>;
    if (root === undefined) return;
    // One that stands beside the body stays there: to move it would cost what is scrolled and focused.
    if (!host.isConnected || host.parentNode === body) {
      const parent = body !== undefined && isPlain(body) ? body : root;
      if (host.parentNode !== parent) parent.append(host);
    }
    watch.disconnect();
    watch.observe(document, { childList: true });
    watch.observe(root, { childList: true, attributeFilter: LOOKS });
    if (body !== undefined) watch.observe(body, { childList: true, attributeFilter: LOOKS });
  };
  put();
  return () => {
    watch.disconnect();
    host.remove();
  };
}

/** Tells whether a fixed element within stands where it would stand in the root, and looks the same. */
function isPlain(body: HTMLElement): boolean {
  const style = getComputedStyle(body);
  const is = (property: string, ...usual: string[]) =>
    ['', ...usual].includes(style.getPropertyValue(property));
  return (
    style.display !== 'none' &&
    ['transform', 'translate', 'rotate', 'scale', 'perspective', 'filter'].every((property) =>
      is(property, 'none'),
    ) &&
    ['backdrop-filter', 'clip-path', 'mask-image', 'contain'].every((property) =>
      is(property, 'none'),
    ) &&
    is('opacity', '1') &&
    is('zoom', '1', 'normal') &&
    is('will-change', 'auto') &&
    is('container-type', 'normal') &&
    is('content-visibility', 'visible') &&
    !body.inert
  );
}

/**
 * Calls back when the page is there and at rest: pages that hydrate do so in pieces, also after they
 * have loaded.
 */
export function whenQuiet(act: () => void): void {
  const { requestIdleCallback: idle } = window as Partial<Window>;
  const soon = () => {
    if (idle === undefined) setTimeout(act, 0);
    else idle.call(window, act, { timeout: LONGEST_MILLIS });
  };
  if (document.readyState === 'complete') soon();
  else addEventListener('load', soon, { once: true });
}

/** The longest wait for a page that is never idle. */
const LONGEST_MILLIS = 1_000;
