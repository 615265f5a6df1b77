import { Chat } from './chat';
import { isText, Kept } from './kept';
import { Live } from './live';
import { mount } from './mount';
import { Outbox } from './outbox';
import { Service } from './service';
import { readSettings, type Settings } from './settings';
import { Token } from './token';

/** The key of the address of whoever used this browser last, if the page knew. */
const OWNER = 'owner';

const complain = (message: string) => {
  console.error(`Chat widget: ${message}`);
};

/** The tag that brought this script; it is known only while the script runs first. */
function ownTag(): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  return document.querySelector<HTMLScriptElement>('script[data-live-chat]');
}

/** Whether somebody else used this browser: what they left is not for this visitor to see. */
function isAnother(kept: Kept, email: string | null): boolean {
  const owner = kept.read(OWNER, isText);
  return email !== null && owner !== null && email !== owner;
}

/** Makes the chat of a live chat and puts it on the page. */
function begin(settings: Settings): void {
  const scope = `${settings.api} ${settings.liveChatId}`;
  const kept = new Kept(scope, () => localStorage);
  const tab = new Kept(scope, () => sessionStorage);
  if (isAnother(kept, settings.email)) for (const one of [kept, tab]) one.clear();
  if (settings.email !== null) kept.write(OWNER, settings.email);
  const token: Token = new Token(kept, settings.api, settings.liveChatId, settings, () => {
    chat.forget();
  });
  const chat: Chat = new Chat({
    kept,
    tab,
    outbox: new Outbox(kept),
    service: new Service(settings.api, token),
    live: (onConnection) => new Live(settings.socket, token, onConnection),
  });
  mount(chat, kept, tab, settings);
  chat.start();
  addEventListener('online', () => {
    chat.revive();
  });
  addEventListener('offline', () => {
    chat.lose();
  });
  addEventListener('pageshow', () => {
    chat.revive();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') chat.revive();
  });
}

/** Begins once for a live chat, however often its tag is on the page. */
function run(): void {
  const script = ownTag();
  if (script === null) {
    complain('its script tag was not found.');
    return;
  }
  const settings = readSettings(script, {
    pageLanguage: document.documentElement.lang,
    browserLanguages: navigator.languages,
    complain,
  });
  if (settings === null) return;
  const begun = (window.chatWidgets ??= new Set());
  if (begun.has(settings.liveChatId)) return;
  begun.add(settings.liveChatId);
  begin(settings);
}

declare global {
  interface Window {
    /** The live chats that have a widget on this page. */
    chatWidgets?: Set<string>;
  }
}

run();
