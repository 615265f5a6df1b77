import { Skeleton, Stack } from '@mantine/core';
import { Lists } from '../list/Lists';
import { useViewer } from './DeskProvider';
import styles from './DeskLists.module.css';
import { QueueCounter } from './QueueCounter';

/** The pane on the left: the live chats with their sessions, and below them the queue. */
export function DeskLists() {
  const viewer = useViewer();
  if (viewer === undefined) {
    return (
      <Stack p="md" aria-busy>
        {Array.from({ length: 8 }, (_, row) => (
          <Skeleton key={row} h={44} />
        ))}
      </Stack>
    );
  }
  return (
    <>
      <Lists viewer={viewer} />
      <div className={styles.foot}>
        <QueueCounter viewer={viewer} />
      </div>
    </>
  );
}
