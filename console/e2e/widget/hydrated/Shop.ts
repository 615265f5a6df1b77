import { createElement as h, useState, useSyncExternalStore } from 'react';

interface ShopProps {
  /** Attributes of the widget's tag. */
  readonly tag: Readonly<Record<string, string>>;
  /** The page's own script. */
  readonly script: string;
  /** The number of goods on the page: a long page is hydrated in pieces. */
  readonly goods: number;
}

/** A shop whose whole document is rendered on the server. */
export function Shop({ tag, script, goods }: ShopProps) {
  const isAlive = useIsHydrated();
  const [view, setView] = useState(0);
  const [edition, setEdition] = useState(0);
  const button = (name: string, onClick: () => void) =>
    h('button', { disabled: !isAlive, onClick }, name);
  const list = Array.from({ length: goods }, (_, n) => h('li', { key: n }, `Good ${n}`));
  return h(
    'html',
    { lang: 'en', key: edition },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('link', { rel: 'icon', href: 'data:,' }),
      h('title', null, 'A shop'),
    ),
    h(
      'body',
      null,
      h(
        'main',
        { key: view, 'data-view': view },
        h('h1', null, 'A shop'),
        button('Next view', () => {
          setView(view + 1);
        }),
        button('New document', () => {
          setEdition(edition + 1);
        }),
        h('ul', null, list),
      ),
      h('script', { src: '/widget.js', defer: true, ...tag }),
      h('script', { src: script, defer: true }),
    ),
  );
}

/** Tells whether React has taken the page over. */
function useIsHydrated(): boolean {
  const never = () => () => undefined;
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
