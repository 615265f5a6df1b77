import { skipToken, useQuery } from '@apollo/client/react';
import { createContext, use, type ReactNode } from 'react';
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
      ...LiveChats_viewer
    }
  }
`);

type Viewer = DeskQuery['viewer'];

const ViewerContext = createContext<Viewer | undefined>(undefined);

/** The employee who is signed in; `undefined` while it is being read. */
export function useViewer(): Viewer | undefined {
  return use(ViewerContext);
}

/** Reads the main page, as soon as the feeds run and nothing can be missed. */
export function DeskProvider({ children }: { children: ReactNode }) {
  const { opened } = useFeeds();
  const { data, error, refetch } = useQuery(DESK, opened ? {} : skipToken);
  useReread(refetch);
  if (data === undefined && error !== undefined) return <Fault error={error} retry={refetch} />;
  return <ViewerContext value={data?.viewer}>{children}</ViewerContext>;
}
