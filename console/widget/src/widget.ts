import { requestTicket } from './api';
import { Chat } from './chat';
import { Kept } from './kept';
import { Live } from './live';
import { mount, side } from './mount';
import { Outbox } from './outbox';
import { claim, isOwner, onReleased, release } from './owner';
import { Service } from './service';
import { NOBODY, type Settings, type Visitor } from './settings';
import { Token } from './token';

/** A chat that is on the page. */
interface Running {
  readonly chat: Chat;
  readonly stop: () => void;
}

/** The events that a widget reports to the page it stands on. */
interface Reports {
  /** Counts the widgets at the same side of the page that come before. */
  readonly index: () => number;
  /** The window was opened. */
  readonly opened: () => void;
}

/**
 * The widget of one live chat, as a page steers it. Until it is opened it asks for nothing, no token
 * either, and on the next page only for visitors who wrote: a page view is free. The price is that
 * other visitors who come back are not counted.
 */
export class Widget {
  private running: Running | null = null;
  /** True once the page has loaded: before that the widget must not change the document. */
  private isDue = false;
  private isShutDown = false;
  /** The page's wish about the window from before it had loaded. */
  private wish: 'open' | 'close' | null = null;
  /** True when another visitor uses the storage in another tab, so that this one keeps its own. */
  private isApart = false;

  constructor(
    private settings: Settings,
    private readonly reports: Reports,
  ) {}

  get side(): 'left' | 'right' {
    return side(this.settings);
  }

  get isOpen(): boolean {
    return this.running?.chat.shown.state.isOpen ?? false;
  }

  /** The page has loaded. */
  loaded(): void {
    this.isDue = true;
    if (!this.isShutDown) this.start();
  }

  /** Another visitor begins anew, and finds nothing of the one before. */
  identify(visitor: Visitor): void {
    const { name, email } = this.settings;
    if (this.running !== null && name === visitor.name && email === visitor.email) return;
    this.end();
    this.isApart = false;
    this.settings = { ...this.settings, ...visitor };
    this.start();
  }

  /** Follows the tag; one that names nobody does not bring back a widget that was shut down. */
  renamed(visitor: Visitor): void {
    const isNobody = visitor.name === null && visitor.email === null;
    if (!this.isShutDown || !isNobody) this.identify(visitor);
  }

  /** Takes the widget off the page, and forgets whose it was. */
  shutdown(): void {
    this.end();
    release(...this.stores(), this.settings.email);
    this.settings = { ...this.settings, ...NOBODY };
    this.isShutDown = true;
    this.isApart = false;
    this.wish = null;
  }

  open(): void {
    this.wish = 'open';
    this.start();
  }

  close(): void {
    this.wish = 'close';
    this.grant();
  }

  private start(): void {
    this.isShutDown = false;
    if (!this.isDue) return;
    this.running ??= begin(this.settings, this.stores(), this.reports, () => {
      this.displaced();
    });
    this.grant();
  }

  /** Does what the page wished as soon as it can be done. */
  private grant(): void {
    if (this.running === null) return;
    if (this.wish === 'open') this.running.chat.open();
    if (this.wish === 'close') this.running.chat.close();
    this.wish = null;
  }

  /**
   * Another tab has another visitor, or has forgotten this one: begins anew, and keeps apart from
   * what is another's, so that neither tab takes it from the other again and again.
   */
  private displaced(): void {
    this.end();
    const [kept] = this.stores();
    this.isApart ||= !isOwner(kept, this.settings.email);
    this.start();
  }

  private end(): void {
    this.running?.stop();
    this.running = null;
  }

  /** The stores of the live chat: the visitor's, and this tab's. */
  private stores(): [Kept, Kept] {
    const { api, liveChatId } = this.settings;
    const scope = `${api} ${liveChatId}`;
    return [
      new Kept(scope, () => (this.isApart ? null : localStorage)),
      new Kept(scope, () => sessionStorage),
    ];
  }
}

/** Makes the chat of a live chat and puts it on the page; `released` says that the visitor has gone. */
function begin(
  settings: Settings,
  [kept, tab]: [Kept, Kept],
  reports: Reports,
  released: () => void,
): Running {
  claim(kept, tab, settings.email);
  const token: Token = new Token(kept, settings.api, settings.liveChatId, settings, () => {
    chat.forget();
  });
  const chat: Chat = new Chat({
    kept,
    tab,
    outbox: new Outbox(kept),
    service: new Service(settings.api, token),
    live: (onConnection) =>
      new Live(settings.socket, token, onConnection, (given) => requestTicket(settings.api, given)),
  });
  const unmount = mount(chat, kept, tab, settings, reports.index());
  const unwatch = [follow(chat), reportOpening(chat, reports.opened), onReleased(kept, released)];
  chat.start();
  const stop = () => {
    for (const stopOne of unwatch) stopOne();
    chat.stop();
    unmount();
  };
  return { chat, stop };
}

/** Has the chat follow the network and the sight of the page. Gives back how to stop. */
function follow(chat: Chat): () => void {
  const heard = new AbortController();
  const on = { signal: heard.signal };
  const revive = () => {
    chat.revive();
  };
  const lose = () => {
    chat.lose();
  };
  const look = () => {
    if (document.visibilityState === 'visible') revive();
  };
  addEventListener('online', revive, on);
  addEventListener('pageshow', revive, on);
  addEventListener('offline', lose, on);
  document.addEventListener('visibilitychange', look, on);
  return () => {
    heard.abort();
  };
}

/** Calls back when the window is opened. Gives back how to stop. */
function reportOpening(chat: Chat, opened: () => void): () => void {
  let wasOpen = false;
  return chat.shown.subscribe(() => {
    const { isOpen } = chat.shown.state;
    const isNew = isOpen && !wasOpen;
    wasOpen = isOpen;
    if (isNew) opened();
  });
}
