import { useApolloClient } from '@apollo/client/react';
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { FreshCache } from '../apollo/fresh-cache';
import { useSessionChanges } from '../feed/feeds';
import { ListsContext } from './lists';
import { ListStore } from './ListStore';
import { parseChanged, type Changed } from './openness';

/** Keeps the lists, from before the first of them is read. */
export function ListProvider({ children }: { children: ReactNode }) {
  const client = useApolloClient();
  const [store] = useState(() => {
    const { cache } = client;
    if (!(cache instanceof FreshCache)) throw new Error('The lists need the FreshCache.');
    return new ListStore(client, cache);
  });
  const [changed, setChanged] = useLocalStorage<Changed>({
    key: 'chatdesk.lists',
    defaultValue: {},
    getInitialValueInEffect: false,
    deserialize: parseChanged,
  });
  useEffect(() => store.follow(), [store]);
  useSessionChanges(({ removedId, version }) => {
    if (removedId != null) store.remove(removedId, version);
  });
  const value = useMemo(
    () => ({
      store,
      changed,
      setOpen: (key: string, isOpen: boolean) => {
        setChanged((before) => ({ ...before, [key]: isOpen }));
      },
    }),
    [store, changed, setChanged],
  );
  return <ListsContext value={value}>{children}</ListsContext>;
}
