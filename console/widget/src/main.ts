import { Page, type ChatDesk } from './page';
import { whenQuiet } from './place';
import { readSettings, type Surroundings } from './settings';
import type { Widget } from './widget';

const complain = (message: string) => {
  console.error(`Chat widget: ${message}`);
};

/** Attributes of the tag that say who the visitor is. */
const VISITOR = ['data-name', 'data-email', 'data-signed-out'];

/** The tag that brought this script; it is known only while the script runs first. */
function ownTag(): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  return document.querySelector<HTMLScriptElement>(
    'script[data-live-chat], script[src*="/widget.js"]',
  );
}

/** The page's widgets; the script that comes first makes them, and hears what the page said before. */
function pageOf(): Page {
  const known = window.chatWidgets;
  if (known !== undefined) return known;
  const page = new Page();
  window.chatWidgets = page;
  return page;
}

/** Takes the place of the list in which the page left its calls, when the first widget is there. */
function offer(page: Page): void {
  const waiting = window.ChatDesk;
  if (waiting === page.api) return;
  window.ChatDesk = page.api;
  page.hear(waiting);
}

/** Has the widget follow what a page that is not loaded anew says in its tag. */
function followTag(script: HTMLScriptElement, around: Surroundings, widget: Widget): void {
  new MutationObserver(() => {
    const settings = readSettings(script, around);
    if (settings !== null) widget.renamed({ name: settings.name, email: settings.email });
  }).observe(script, { attributeFilter: VISITOR });
}

/** Begins once for a live chat, however often its tag is on the page. */
function run(): void {
  const script = ownTag();
  if (script === null) {
    complain('its script tag was not found.');
    return;
  }
  const around = {
    pageLanguage: document.documentElement.lang,
    browserLanguages: navigator.languages,
    page: window.chatDeskSettings,
    complain,
  };
  const settings = readSettings(script, around);
  if (settings === null) return;
  const page = pageOf();
  const widget = page.add(settings);
  if (widget === null) return;
  offer(page);
  followTag(script, { ...around, complain: () => undefined }, widget);
  whenQuiet(() => {
    widget.loaded();
  });
}

declare global {
  interface Window {
    /** The widgets of this page. */
    chatWidgets?: Page;
    /** The tag's settings, for pages whose tags cannot have attributes. */
    chatDeskSettings?: Readonly<Record<string, unknown>>;
    /** The interface for pages; before the script has come, a list of calls if the page made one. */
    ChatDesk?: ChatDesk | unknown[];
  }
}

run();
