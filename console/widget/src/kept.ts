/**
 * The data on the visitor's machine for one live chat, across pages and tabs, or for one tab. If
 * the browser stores nothing (private windows, settings, no room), it lasts as long as the page.
 */
export class Kept {
  private readonly memory = new Map<string, string>();
  private isOver = false;
  private readonly prefix: string;
  private bond: { readonly name: string; readonly text: string | null } | null = null;

  /**
   * `storage` is looked up late and guarded, because reading `localStorage` itself may throw; with
   * null all is kept in memory.
   */
  constructor(
    readonly scope: string,
    private readonly storage: () => Storage | null,
  ) {
    this.prefix = `chat-widget ${scope} `;
  }

  /** Reads the value of a key if it has the expected type: anybody may have written it. */
  read<Value>(key: string, is: (value: unknown) => value is Value): Value | null {
    const text = this.memory.get(key) ?? this.attempt((storage) => storage.getItem(this.name(key)));
    if (text === null) return null;
    try {
      const value: unknown = JSON.parse(text);
      return is(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** The keys that begin so, in no order. */
  keys(beginning: string): string[] {
    const found = new Set([...this.memory.keys()].filter((key) => key.startsWith(beginning)));
    for (const name of this.names()) {
      const key = name.slice(this.prefix.length);
      if (key.startsWith(beginning)) found.add(key);
    }
    return [...found];
  }

  /** Keeps a value; null forgets it. */
  write(key: string, value: unknown): void {
    if (this.isOver) return;
    const text = value === null ? null : JSON.stringify(value);
    this.memory.delete(key);
    const isKept = this.attempt((storage) => {
      if (text === null) storage.removeItem(this.name(key));
      else storage.setItem(this.name(key), text);
      return true;
    });
    if (isKept === null && text !== null) this.memory.set(key, text);
  }

  /** Forgets everything, but for one key if it is named. */
  clear(but?: string): void {
    for (const key of this.memory.keys()) if (key !== but) this.memory.delete(key);
    const names = this.names().filter((name) => but === undefined || name !== this.name(but));
    this.attempt((storage) => {
      for (const name of names) storage.removeItem(name);
    });
  }

  /** Keeps nothing any more: answers that are still on their way may not bring back who is gone. */
  close(): void {
    this.isOver = true;
  }

  /**
   * Holds on to what stands under a key now. As soon as another tab changes it, the storage is
   * another visitor's: it is neither read nor written any more, and what is kept is kept in memory.
   */
  bind(key: string): void {
    const name = this.name(key);
    this.bond = { name, text: this.attempt((storage) => storage.getItem(name)) };
  }

  /** Tells whether the storage has become another visitor's. */
  isForeign(): boolean {
    return (
      this.guarded(() => {
        const storage = this.storage();
        return storage !== null && this.isBroken(storage);
      }) ?? false
    );
  }

  /**
   * Calls back when another tab has changed the value of a key, without one when it has emptied the
   * storage. Gives back how to stop.
   */
  watch(listener: (key: string) => void): () => void {
    const heard = ({ key, storageArea }: StorageEvent) => {
      if (storageArea !== this.guarded(() => this.storage())) return;
      if (key === null) listener('');
      else if (key.startsWith(this.prefix)) listener(key.slice(this.prefix.length));
    };
    addEventListener('storage', heard);
    return () => {
      removeEventListener('storage', heard);
    };
  }

  private names(): string[] {
    const all = this.attempt((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index)),
    );
    return (all ?? [])
      .filter((name) => name !== null)
      .filter((name) => name.startsWith(this.prefix));
  }

  private name(key: string): string {
    return this.prefix + key;
  }

  private attempt<Result>(act: (storage: Storage) => Result): Result | null {
    return this.guarded(() => {
      const storage = this.storage();
      return storage === null || this.isBroken(storage) ? null : act(storage);
    });
  }

  private guarded<Result>(act: () => Result): Result | null {
    try {
      return act();
    } catch {
      return null;
    }
  }

  private isBroken(storage: Storage): boolean {
    return this.bond !== null && storage.getItem(this.bond.name) !== this.bond.text;
  }
}

export const isNumber = (value: unknown): value is number => Number.isFinite(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isTrue = (value: unknown): value is true => value === true;
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
