import { Chat } from './chat';
import { Kept } from './kept';
import { Live } from './live';
import { mount } from './mount';
import { Outbox } from './outbox';
import { claim } from './owner';
import { Service } from './service';
import { NOBODY, readSettings, visitorOf, type Settings, type Visitor } from './settings';
import { Token } from './token';

const complain = (message: string) => {
  console.error(`Chat widget: ${message}`);
};

/** The tag that brought this script; it is known only while the script runs first. */
function ownTag(): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  return document.querySelector<HTMLScriptElement>(
    'script[data-live-chat], script[src*="/widget.js"]',
  );
}

/** A chat that is on the page. */
interface Running {
  readonly chat: Chat;
  readonly stop: () => void;
}

/** The stores of a live chat: the visitor's, and this tab's. */
function keptOf({ api, liveChatId }: Settings): [Kept, Kept] {
  const scope = `${api} ${liveChatId}`;
  return [new Kept(scope, () => localStorage), new Kept(scope, () => sessionStorage)];
}

/** Makes the chat of a live chat and puts it on the page, beside `index` others. */
function begin(settings: Settings, index: number): Running {
  const [kept, tab] = keptOf(settings);
  claim(kept, tab, settings.email);
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
  const unmount = mount(chat, kept, tab, settings, index);
  chat.start();
  const heard = new AbortController();
  const on = { signal: heard.signal };
  const revive = () => {
    chat.revive();
  };
  addEventListener('online', revive, on);
  addEventListener('pageshow', revive, on);
  addEventListener(
    'offline',
    () => {
      chat.lose();
    },
    on,
  );
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') revive();
    },
    on,
  );
  const stop = () => {
    heard.abort();
    chat.stop();
    unmount();
  };
  return { chat, stop };
}

/** The widget of one live chat, as a page steers it. */
class Widget {
  private running: Running | null = null;
  /** Whether the page has loaded: before that the widget must not change the document. */
  private isDue = false;

  constructor(
    private settings: Settings,
    private readonly index: number,
  ) {}

  start(): void {
    this.isDue = true;
    this.running ??= begin(this.settings, this.index);
  }

  /** Another visitor begins anew, and finds nothing of the one before. */
  identify(visitor: Visitor): void {
    const { name, email } = this.settings;
    if (this.running !== null && name === visitor.name && email === visitor.email) return;
    this.end();
    this.settings = { ...this.settings, ...visitor };
    if (this.isDue) this.start();
  }

  /** Takes the widget off the page, and forgets whose it was. */
  shutdown(): void {
    this.end();
    for (const kept of keptOf(this.settings)) kept.clear();
    this.settings = { ...this.settings, ...NOBODY };
  }

  open(): void {
    this.start();
    this.running?.chat.open();
  }

  close(): void {
    this.running?.chat.close();
  }

  private end(): void {
    this.running?.stop();
    this.running = null;
  }
}

/** Makes `window.ChatDesk`, through which a page steers all its live chats. */
function offer(widgets: Map<string, Widget>): ChatDesk {
  const each = (act: (widget: Widget) => void) => {
    widgets.forEach(act);
  };
  return {
    identify: (visitor) => {
      each((widget) => {
        widget.identify(visitorOf(visitor));
      });
    },
    shutdown: () => {
      each((widget) => {
        widget.shutdown();
      });
    },
    open: () => {
      [...widgets.values()][0]?.open();
    },
    close: () => {
      each((widget) => {
        widget.close();
      });
    },
  };
}

/** Calls back when the page is there and has done what it does at first, as pages that hydrate do. */
function whenQuiet(act: () => void): void {
  const soon = () => setTimeout(act, 0);
  if (document.readyState === 'complete') soon();
  else addEventListener('load', soon, { once: true });
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
    page: window.chatDeskSettings,
    complain,
  });
  if (settings === null) return;
  const widgets = (window.chatWidgets ??= new Map());
  if (widgets.has(settings.liveChatId)) return;
  const widget = new Widget(settings, widgets.size);
  widgets.set(settings.liveChatId, widget);
  window.ChatDesk ??= offer(widgets);
  whenQuiet(() => {
    widget.start();
  });
}

/** The widget's interface for pages. */
interface ChatDesk {
  /** Says who the visitor is now; without an address, that nobody is known. */
  readonly identify: (visitor: { name?: string; email?: string } | null) => void;
  /** Says that whoever was here has gone: nothing of them stays, and the widget leaves the page. */
  readonly shutdown: () => void;
  readonly open: () => void;
  readonly close: () => void;
}

declare global {
  interface Window {
    /** The live chats that have a widget on this page. */
    chatWidgets?: Map<string, Widget>;
    /** The tag's settings, for pages whose tags cannot have attributes. */
    chatDeskSettings?: Readonly<Record<string, unknown>>;
    ChatDesk?: ChatDesk;
  }
}

run();
