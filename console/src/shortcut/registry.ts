import { createContext, use, useEffect, useRef } from 'react';
import type { MessageKey } from '../language/catalogue';

/** Something that a key does. */
export interface Shortcut {
  /** See `matches`: `n`, `?`, `Escape`, `mod+Enter`. */
  keys: string;
  /** The description, for the help. */
  description: MessageKey;
  run: () => void;
}

/** The shortcuts of the page now. For a key, the last one that was registered counts. */
export interface Registry {
  add(shortcut: Shortcut): () => void;
  all(): readonly Shortcut[];
}

export function createRegistry(): Registry {
  let shortcuts: readonly Shortcut[] = [];
  return {
    add: (shortcut) => {
      shortcuts = [...shortcuts, shortcut];
      return () => {
        shortcuts = shortcuts.filter((other) => other !== shortcut);
      };
    },
    all: () => shortcuts,
  };
}

export const RegistryContext = createContext<Registry | null>(null);

/**
 * Gives a key something to do while the component is there, and the help a line. Single keys are
 * not heard where one writes.
 *
 *     useShortcut('r', 'dialog.reply', () => field.current?.focus());
 */
export function useShortcut(
  keys: string,
  description: MessageKey,
  run: () => void,
  { enabled = true }: { enabled?: boolean } = {},
): void {
  const registry = use(RegistryContext);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (registry === null || !enabled) return;
    return registry.add({
      keys,
      description,
      run: () => {
        latest.current();
      },
    });
  }, [registry, keys, description, enabled]);
}
