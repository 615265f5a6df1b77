import { createContext, use, useSyncExternalStore } from 'react';
import type { Lists, ListStore } from './ListStore';
import type { Changed } from './openness';

export interface ListsContextValue {
  store: ListStore;
  /** The groups that the person opened or closed by hand. */
  changed: Changed;
  setOpen: (key: string, isOpen: boolean) => void;
}

export const ListsContext = createContext<ListsContextValue | null>(null);

export function useListsContext(): ListsContextValue {
  const context = use(ListsContext);
  if (context === null) throw new Error('There is no ListProvider above.');
  return context;
}

/** The lists as they are now. */
export function useLists(): Lists {
  const { store } = useListsContext();
  return useSyncExternalStore(store.subscribe, store.get);
}
