import type { Page } from '@playwright/test';

/**
 * Has every page that this tab goes to translated from now on, as Chrome does it: each text node is
 * replaced by two nested `<font>`s around another text node, at once and whenever a text comes or
 * changes, in open shadow trees too. What is marked with `translate="no"` is left alone. The words
 * stay what they are, so that a test can look for them.
 *
 * Gives back a list that fills with what goes wrong on the page: errors that nobody caught, and those
 * that an error boundary or the page itself wrote to the console.
 */
export async function translate(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    // The browser's messages about the network are not about the page's nodes.
    const isOfNetwork = /^(Failed to load resource|WebSocket connection)/.test(message.text());
    if (message.type() === 'error' && !isOfNetwork) wrong.push(message.text());
  });
  await page.addInitScript(install);
  return wrong;
}

/** Counts the translated texts of the page and of its shadow trees. */
export function translatedCount(page: Page): Promise<number> {
  return page.locator('font > font').count();
}

/** Runs in the page, before its scripts. */
function install(): void {
  // Neither what these hold nor what they show are words of the page.
  const SKIPPED = 'script, style, noscript, textarea, title, option, svg, font';

  const isSpared = (element: Element): boolean => {
    const said = element.closest('.notranslate, [translate]');
    if (said !== null) return said.getAttribute('translate') !== 'yes';
    const root = element.getRootNode();
    return root instanceof ShadowRoot && isSpared(root.host);
  };

  const makeFont = (): HTMLElement => {
    const font = document.createElement('font' as string);
    font.dir = 'auto';
    font.style.verticalAlign = 'inherit';
    return font;
  };

  const wrap = (text: Text): void => {
    const { parentNode: parent } = text;
    const element = parent instanceof ShadowRoot ? parent.host : parent;
    if (!(element instanceof Element) || text.data.trim() === '') return;
    if (element.closest(SKIPPED) !== null || isSpared(element)) return;
    const [outer, inner] = [makeFont(), makeFont()];
    inner.append(text.data);
    outer.append(inner);
    // The page's own node is gone: whoever changes or removes it later changes nothing that is seen.
    text.replaceWith(outer);
  };

  const wrapAll = (root: Node): void => {
    if (root instanceof Text) {
      wrap(root);
      return;
    }
    const texts: Text[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) texts.push(walker.currentNode as Text);
    texts.forEach(wrap);
  };

  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') wrapAll(target);
      else addedNodes.forEach(wrapAll);
    }
  });
  const watch = (root: Node) => {
    observer.observe(root, { subtree: true, childList: true, characterData: true });
  };
  watch(document);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the element below
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (this: Element, init) {
    const root = attach.call(this, init);
    watch(root);
    return root;
  };
}
