import { skipToken, useQuery } from '@apollo/client/react';
import { createContext, use, useState, type ReactNode } from 'react';
import { Fault } from '../error/Fault';
import { useFeeds, useReread } from '../feed/feeds';
import { graphql } from '../generated';
import type { DeskQuery } from '../generated/graphql';

/** All that the main page shows at first, in one request: add here the fragment of a new part. */
const DESK = graphql(`
  query Desk {
    viewer {
      id
      isAdministrator
      ...WorkspaceBadge_viewer
      ...PresenceSwitch_viewer
      ...UserMenu_viewer
      ...QueueCounter_viewer
      ...Lists_viewer
    }
  }
`);

type Viewer = DeskQuery['viewer'];

const ReadingContext = createContext(0);
const ViewerContext = createContext<Viewer | undefined>(undefined);

/** The employee who is signed in; `undefined` while it is being read. */
export function useViewer(): Viewer | undefined {
  return use(ViewerContext);
}

/** How often the main page was read again: what came with it is then as it is now. */
export function useDeskReading(): number {
  return use(ReadingContext);
}

/** Reads the main page, as soon as the feeds run and nothing can be missed. */
export function DeskProvider({ children }: { children: ReactNode }) {
  const { opened } = useFeeds();
  const { data, error, refetch } = useQuery(DESK, opened ? {} : skipToken);
  const [reading, setReading] = useState(0);
  useReread(async () => {
    await refetch();
    setReading((before) => before + 1);
  });
  if (data === undefined && error !== undefined) return <Fault error={error} retry={refetch} />;
  return (
    <ReadingContext value={reading}>
      <ViewerContext value={data?.viewer}>{children}</ViewerContext>
    </ReadingContext>
  );
}
