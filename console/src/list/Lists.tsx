import type { FragmentType } from '@apollo/client';
import { Chip, Group, Text } from '@mantine/core';
import type { Lists_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { useLists, useListsContext } from './lists';
import styles from './Lists.module.css';
import { Tree } from './Tree';
import { useRows } from './useRows';

/** The live chats where I have a role, each with its groups of sessions. */
export function Lists({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const rows = useRows(viewer);
  if (rows.length === 0) {
    return (
      <Text p="md" c="dimmed" className={styles.pane ?? ''}>
        {text('list.noLiveChats')}
      </Text>
    );
  }
  return (
    <>
      <Filters />
      <Tree rows={rows} />
    </>
  );
}

function Filters() {
  const text = useText();
  const { store } = useListsContext();
  const { filter } = useLists();
  return (
    <Group className={styles.filters ?? ''} role="group" aria-label={text('list.filters')}>
      <Chip
        size="xs"
        checked={filter.unread}
        onChange={(unread) => {
          store.setFilter({ ...filter, unread });
        }}
      >
        {text('list.onlyUnread')}
      </Chip>
      <Chip
        size="xs"
        checked={filter.waitingForReply}
        onChange={(waitingForReply) => {
          store.setFilter({ ...filter, waitingForReply });
        }}
      >
        {text('list.onlyWaiting')}
      </Chip>
    </Group>
  );
}
