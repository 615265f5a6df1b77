import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { Shop } from './Shop';

/** Takes the page over, with the same properties from which the server rendered it. */
function hydrate(): void {
  const { search, pathname } = new URL(document.scripts[1]?.src ?? '', location.href);
  const attributes = [...(document.scripts[0]?.attributes ?? [])];
  const said = attributes.filter(({ name }) => name.startsWith('data-'));
  const tag = Object.fromEntries(said.map(({ name, value }) => [name, value]));
  const goods = document.querySelectorAll('li').length;
  hydrateRoot(document, createElement(Shop, { tag, script: pathname + search, goods }));
}

// The test says when, or it is done as soon as the script runs.
if (document.currentScript?.getAttribute('src')?.endsWith('?late') === true)
  Object.assign(window, { hydrate });
else hydrate();
