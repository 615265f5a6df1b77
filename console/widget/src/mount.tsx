import { render } from 'preact';
import type { Chat } from './chat';
import { inkOn } from './color';
import type { Kept } from './kept';
import type { Settings } from './settings';
import { stay } from './place';
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
  // An open window that covers the page covers the buttons of other live chats, too.
  const lift = () => host.toggleAttribute('data-open', chat.shown.state.isOpen);
  const unlift = chat.shown.subscribe(lift);
  const surroundings = { chat, texts, times: new Times(settings.language, texts) };
  render(
    <Provider value={surroundings}>
      <App kept={kept} tab={tab} hasSound={settings.hasSound} />
    </Provider>,
    root,
  );
  return () => {
    unlift();
    leave();
    render(null, root);
  };
}

/** The side of the page at which the window stands. */
export function side({ position }: Settings): 'left' | 'right' {
  if (position !== null) return position;
  return getComputedStyle(document.documentElement).direction === 'rtl' ? 'left' : 'right';
}
