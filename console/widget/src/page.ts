import { visitorOf, type Settings, type Visitor } from './settings';
import { Widget } from './widget';

/** The width of a window with the gap beside it, and both outer gaps, in pixels of the style sheet. */
const WINDOW_WIDTH = 396;
const OUTER_GAPS = 28;

/** The widget's interface for pages. */
export interface ChatDesk {
  /** Says who the visitor is now; without an address, that nobody is known. */
  readonly identify: (visitor?: { name?: string; email?: string } | null) => void;
  /** Says that whoever was here has gone: nothing of them stays, and the widget leaves the page. */
  readonly shutdown: () => void;
  readonly open: () => void;
  readonly close: () => void;
  /** Makes a call that is written as a list, as pages write it before the script has come. */
  readonly push: (...calls: readonly unknown[]) => void;
}

/** All widgets of a page, and what the page says to all of them. */
export class Page {
  private readonly widgets = new Map<string, Widget>();
  private lastOpened: Widget | null = null;
  /**
   * The last call of the page about its visitor, for tags that come later. Null if there was none.
   */
  private said: ((widget: Widget) => void) | null = null;

  readonly api: ChatDesk = {
    identify: (visitor) => {
      const known = visitorOf(visitor);
      this.say((widget) => {
        widget.identify(known);
      });
    },
    shutdown: () => {
      this.say((widget) => {
        widget.shutdown();
      });
    },
    open: () => {
      [...this.widgets.values()][0]?.open();
    },
    close: () => {
      for (const widget of this.widgets.values()) widget.close();
    },
    push: (...calls) => {
      calls.forEach((call) => {
        this.call(call);
      });
    },
  };

  constructor() {
    addEventListener('resize', () => {
      this.makeRoom();
    });
  }

  /** Makes the widget of a live chat; null when the page has it already. */
  add(settings: Settings): Widget | null {
    if (this.widgets.has(settings.liveChatId)) return null;
    const widget: Widget = new Widget(settings, {
      index: () => this.indexOf(widget),
      opened: () => {
        this.lastOpened = widget;
        this.makeRoom();
      },
    });
    this.widgets.set(settings.liveChatId, widget);
    this.said?.(widget);
    return widget;
  }

  /** Does what the page asked for before there was a script to hear it. */
  hear(waiting: unknown): void {
    if (Array.isArray(waiting)) this.api.push(...(waiting as unknown[]));
  }

  private say(act: (widget: Widget) => void): void {
    this.said = act;
    this.widgets.forEach(act);
  }

  private call(call: unknown): void {
    const [name, visitor] = Array.isArray(call) ? (call as unknown[]) : [call];
    if (name === 'identify') this.api.identify(visitor as Partial<Visitor> as never);
    if (name === 'shutdown' || name === 'open' || name === 'close') this.api[name]();
  }

  private indexOf(widget: Widget): number {
    const all = [...this.widgets.values()];
    return all.slice(0, all.indexOf(widget)).filter(({ side }) => side === widget.side).length;
  }

  /** Closes all windows but the one that was opened last, where they would lie on each other. */
  private makeRoom(): void {
    if (innerWidth >= this.widgets.size * WINDOW_WIDTH + OUTER_GAPS) return;
    for (const widget of this.widgets.values()) {
      if (widget !== this.lastOpened && widget.isOpen) widget.close();
    }
  }
}
