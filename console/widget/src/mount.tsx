import { render } from 'preact';
import type { Chat } from './chat';
import { inkOn } from './color';
import type { Kept } from './kept';
import type { Settings } from './settings';
import css from './widget.css?inline';
import { textsOf } from './text';
import { App } from './ui/App';
import { Provider } from './ui/context';
import { Times } from './ui/times';

const ELEMENT = 'chat-widget';
const TYPING_EVENTS = ['keydown', 'keypress', 'keyup'] as const;

/**
 * Puts the widget on the page, where the page's styles and keys do not reach it, beside `index` others.
 * Gives back how to take it away.
 */
export function mount(
  chat: Chat,
  kept: Kept,
  tab: Kept,
  settings: Settings,
  index = 0,
): () => void {
  const host = document.createElement(ELEMENT);
  const shadow = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets = [sheet];
  const root = document.createElement('section');
  root.className = `root ${side(settings)}`;
  root.lang = settings.language;
  root.style.setProperty('--index', String(index));
  root.dir = 'ltr';
  const texts = textsOf(settings.language);
  root.setAttribute('aria-label', texts.chat);
  if (settings.color !== null) {
    root.style.setProperty('--accent', settings.color);
    root.style.setProperty('--on-accent', inkOn(settings.color));
  }
  // Many pages have single keys as shortcuts and look at the target, which is hidden from them.
  for (const type of TYPING_EVENTS)
    root.addEventListener(type, (event) => {
      event.stopPropagation();
    });
  shadow.append(root);
  const leave = stay(host);
  const surroundings = { chat, texts, times: new Times(settings.language, texts) };
  render(
    <Provider value={surroundings}>
      <App kept={kept} tab={tab} hasSound={settings.hasSound} />
    </Provider>,
    root,
  );
  return () => {
    leave();
    render(null, root);
  };
}

/**
 * Keeps an element in the document, beside the body, which a page may replace, move or filter. Pages
 * that replace the whole document lose it for a moment. Gives back how to take it away.
 */
function stay(host: HTMLElement): () => void {
  const watch = new MutationObserver(() => {
    put();
  });
  const put = () => {
    if (!host.isConnected) document.documentElement.append(host);
    watch.disconnect();
    watch.observe(document, { childList: true });
    watch.observe(document.documentElement, { childList: true });
  };
  put();
  return () => {
    watch.disconnect();
    host.remove();
  };
}

function side({ position }: Settings): string {
  if (position !== null) return position;
  return getComputedStyle(document.documentElement).direction === 'rtl' ? 'left' : 'right';
}
