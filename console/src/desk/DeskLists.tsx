import type { ReactNode } from 'react';
import { Lists } from '../list/Lists';
import { SessionSkeleton } from '../list/SessionSkeleton';
import { useViewer } from './DeskProvider';
import { QueueCounter } from './QueueCounter';

/** The pane on the left: the live chats with their sessions, and below them notices and the queue. */
export function DeskLists({ notices }: { notices: ReactNode }) {
  const viewer = useViewer();
  if (viewer === undefined) {
    return (
      <div aria-busy>
        {Array.from({ length: 8 }, (_, row) => (
          <SessionSkeleton key={row} />
        ))}
      </div>
    );
  }
  return (
    <>
      <Lists viewer={viewer} />
      {notices}
      <QueueCounter viewer={viewer} />
    </>
  );
}
