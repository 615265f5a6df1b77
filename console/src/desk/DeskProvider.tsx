import { useApolloClient } from '@apollo/client/react';
import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { pause } from '../apollo/pause';
import { Fault } from '../error/Fault';
import { useFeeds, useReread } from '../feed/feeds';
import { graphql } from '../generated';
import type { DeskQuery } from '../generated/graphql';
import { useLists, useListsContext } from '../list/lists';

/** All that the main page shows at first, in one request: add here the fragment of a new part. */
const DESK = graphql(`
  query Desk(
    $filter: SessionFilter
    $active: Boolean!
    $queue: Boolean!
    $my: Boolean!
    $closed: Boolean!
  ) {
    viewer {
      id
      isAdministrator
      ...WorkspaceBadge_viewer
      ...PresenceSwitch_viewer
      ...UserMenu_viewer
      ...AlertProvider_viewer
      ...QueueCounter_viewer
      ...Lists_viewer
      ...Lists_pages @unmask
    }
  }
`);

type Viewer = DeskQuery['viewer'];

const ViewerContext = createContext<Viewer | undefined>(undefined);

/** The employee who is signed in; `undefined` while it is being read. */
export function useViewer(): Viewer | undefined {
  return use(ViewerContext);
}

/**
 * Reads the main page, as soon as the feed runs and nothing can be missed. What it shows is read
 * from the cache by whoever shows it: this is not rendered again when something changes.
 */
export function DeskProvider({ children }: { children: ReactNode }) {
  const [viewer, error, read] = useDesk();
  if (viewer === undefined && error !== undefined) return <Fault error={error} retry={read} />;
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

function useDesk(): [Viewer | undefined, unknown, () => void] {
  const client = useApolloClient();
  const { opened } = useFeeds();
  const { store, changed } = useListsContext();
  const { filter } = useLists();
  const [viewer, setViewer] = useState<Viewer>();
  const [error, setError] = useState<unknown>();
  const latest = useRef(0);

  /** Reads once. Answers true if the answer arrived, or is no longer needed. */
  const attempt = async (number: number): Promise<boolean> => {
    const reading = store.begin(changed);
    const { groups } = reading;
    try {
      const { data } = await client.query({
        query: DESK,
        variables: {
          filter: reading.filter,
          active: groups.has('ACTIVE'),
          queue: groups.has('QUEUE'),
          my: groups.has('MY'),
          closed: groups.has('CLOSED'),
        },
        fetchPolicy: 'network-only',
      });
      if (data === undefined || number !== latest.current) return true;
      store.take(data.viewer, reading, changed);
      setViewer((before) => (before?.id === data.viewer.id ? before : data.viewer));
      setError(undefined);
      return true;
    } catch (fault) {
      if (number === latest.current) setError(fault);
      return number !== latest.current || viewer === undefined;
    }
  };
  const read = async () => {
    latest.current += 1;
    const number = latest.current;
    // The shown data may be old without anybody seeing that: read until an answer comes.
    for (let tries = 0; !(await attempt(number)); tries += 1) await pause(tries);
  };
  useReread(read);
  const readFirst = useEffectEvent(read);
  useEffect(() => {
    if (opened) void readFirst();
  }, [opened, filter]);
  return [viewer, error, () => void read()];
}
