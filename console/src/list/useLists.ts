import type { ApolloClient, FragmentType } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useFacts } from '../apollo/useFacts';
import { useDeskReading } from '../desk/DeskProvider';
import { useReread, useSessionChanges } from '../feed/feeds';
import { graphql } from '../generated';
import type { Lists_ViewerFragment as ViewerFacts, SessionGroup } from '../generated/graphql';
import { PLACED } from './documents';
import { keyOf, ListStore } from './ListStore';
import type { Placed, Viewpoint } from './placement';
import { isOpenAtFirst, rowsOf, type Row } from './tree';

/** The lists that are open at first come with the main page. */
const VIEWER = graphql(`
  fragment Lists_viewer on Viewer {
    employee {
      id
    }
    counters {
      id
      version
      liveChats {
        id
        queueCount
      }
    }
    liveChats {
      id
      name
      viewerRoles
      queue: sessions(group: QUEUE, first: 30) {
        nodes {
          id
          ...PlacedSession @unmask
          ...SessionRow_session
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
      my: sessions(group: MY, first: 30) {
        nodes {
          id
          ...PlacedSession @unmask
          ...SessionRow_session
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`);

export interface ListsState {
  rows: readonly Row[];
  store: ListStore;
  toggle: (key: string) => void;
}

const NONE: ViewerFacts['liveChats'] = [];

/** The tree of lists, kept in order by what is pushed. */
export function useLists(viewer: FragmentType<ViewerFacts>): ListsState {
  const client = useApolloClient();
  const facts = useFacts(VIEWER, viewer);
  const [store] = useState(() => new ListStore(client));
  const lists = useSyncExternalStore(store.subscribe, store.get);
  const [changed, setChanged] = useLocalStorage<Record<string, boolean>>({
    key: 'chatdesk.lists',
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const isOpen = (key: string) => changed[key] ?? isOpenByItself(key);

  const liveChats = facts?.liveChats ?? NONE;
  const viewpoint = useMemo<Viewpoint>(
    () => ({
      employeeId: facts?.employee.id ?? '',
      roles: new Map(liveChats.map(({ id, viewerRoles }) => [id, viewerRoles])),
    }),
    [facts?.employee.id, liveChats],
  );

  useFirstPages(store, liveChats);
  useSessionChanges(({ session, removedId }) => {
    if (removedId != null) store.remove(removedId);
    // An old push may come late: the cache has what is newest.
    const newest = session == null ? null : placedOf(client, session.id);
    if (newest !== null) store.place(newest, viewpoint);
  });

  const counts = new Map(facts?.counters.liveChats.map(({ id, queueCount }) => [id, queueCount]));
  const counted = liveChats.map((one) => ({ ...one, queueCount: counts.get(one.id) ?? 0 }));
  const rows = rowsOf(counted, isOpen, (key) => lists.byKey.get(key) ?? store.list(key));

  // Those that do not come with the main page are read when they are opened, and after a break.
  const { unread, waitingForReply } = lists.filter;
  const isFiltered = unread || waitingForReply;
  useReread(() => {
    for (const row of rows) {
      if (row.kind === 'group' && row.isOpen && (isFiltered || !isOpenAtFirst(row.group))) {
        void store.reload(row.liveChat.id, row.group);
      }
    }
  });
  useEffect(() => {
    for (const row of rows) {
      if (row.kind !== 'loading') continue;
      const { isLoaded } = store.list(keyOf(row.liveChat.id, row.group));
      if (!isLoaded) void store.load(row.liveChat.id, row.group);
    }
  });

  const toggle = (key: string) => {
    setChanged({ ...changed, [key]: !isOpen(key) });
  };
  return { rows, store, toggle };
}

function placedOf(client: ApolloClient, id: string): Placed | null {
  return client.cache.readFragment({ id: `Session:${id}`, fragment: PLACED });
}

function isOpenByItself(key: string): boolean {
  const [group, of] = key.split(' ');
  return of === undefined || isOpenAtFirst(group as SessionGroup);
}

/** Puts the first pages into the store each time they were read, and only then. */
function useFirstPages(store: ListStore, liveChats: ViewerFacts['liveChats']): void {
  const reading = useDeskReading();
  const taken = useRef<number>(undefined);
  useEffect(() => {
    if (taken.current === reading || liveChats.length === 0) return;
    taken.current = reading;
    for (const { id, queue, my } of liveChats) {
      store.take(id, 'QUEUE', queue);
      store.take(id, 'MY', my);
    }
  }, [store, liveChats, reading]);
}
