const KEY = 'chatdesk.desktopOffered';

type Place = Pick<Storage, 'getItem' | 'setItem'>;

/** The facts that decide whether to offer desktop notifications. */
export interface Circumstances {
  /** The operator is online, so that sessions come to them. */
  isOnline: boolean;
  /** An alert came while nobody looked at the page. */
  hasMissed: boolean;
  isLookedAt: boolean;
  /** The browser was not asked yet, and nobody has turned them on. */
  isOpen: boolean;
}

/**
 * The offer of desktop notifications. It is made once in a browser, to somebody who has use for
 * them and looks at the page; after that there is the menu.
 */
export class DesktopOffer {
  readonly #place: Place;
  readonly #listeners = new Set<() => void>();
  #isMade = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Tells whether the offer is being made now. */
  readonly get = (): boolean => this.#isMade;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Makes the offer where there is reason to, and remembers it for all tabs. */
  consider({ isOnline, hasMissed, isLookedAt, isOpen }: Circumstances): void {
    if (this.#isMade || !isOpen || !isLookedAt || !(isOnline || hasMissed)) return;
    if (this.#wasMade()) return;
    try {
      this.#place.setItem(KEY, 'true');
    } catch {
      // Without a memory the question would come again and again.
      return;
    }
    this.#set(true);
  }

  /** Takes an answer, whichever it was. */
  close(): void {
    this.#set(false);
  }

  #wasMade(): boolean {
    try {
      return this.#place.getItem(KEY) !== null;
    } catch {
      return true;
    }
  }

  #set(isMade: boolean): void {
    this.#isMade = isMade;
    this.#listeners.forEach((listener) => {
      listener();
    });
  }
}
