import { Badge, Button, Group, Skeleton, Text, UnstyledButton } from '@mantine/core';
import type { SessionGroup } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import styles from './Lists.module.css';
import type { ListStore } from './ListStore';
import { SessionRow } from './SessionRow';
import type { Row } from './tree';

const NAME: Record<SessionGroup, MessageKey> = {
  ACTIVE: 'list.active',
  QUEUE: 'list.queue',
  MY: 'list.my',
  CLOSED: 'list.closed',
};

const EMPTY: Record<SessionGroup, MessageKey> = {
  ACTIVE: 'list.emptyActive',
  QUEUE: 'list.emptyQueue',
  MY: 'list.emptyMy',
  CLOSED: 'list.emptyClosed',
};

interface Props {
  row: Row;
  isFiltered: boolean;
  toggle: (key: string) => void;
  store: ListStore;
}

/** A line of the tree: a live chat, a group, a session, or what there is instead. */
export function RowView({ row, isFiltered, toggle, store }: Props) {
  const text = useText();
  switch (row.kind) {
    case 'liveChat':
    case 'group':
      return (
        <Header
          row={row}
          toggle={() => {
            toggle(row.key);
          }}
        />
      );
    case 'session':
      return <SessionRow sessionId={row.sessionId} />;
    case 'empty':
      return (
        <Text size="sm" c="dimmed" px="xl" py={4} truncate>
          {text(isFiltered ? 'list.emptyFiltered' : EMPTY[row.group])}
        </Text>
      );
    case 'loading':
    case 'more':
      return (
        <div role="status" aria-label={text('list.loading')}>
          <Skeleton h={44} mx="md" my={8} w="auto" />
        </div>
      );
    case 'error':
      return (
        <Group px="md" h="100%" justify="space-between" role="alert">
          <Text size="sm" c="red">
            {text('list.failed')}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => void store.load(row.liveChat.id, row.group)}
          >
            {text('error.retry')}
          </Button>
        </Group>
      );
  }
}

type HeaderRow = Extract<Row, { kind: 'liveChat' | 'group' }>;

function Header({ row, toggle }: { row: HeaderRow; toggle: () => void }) {
  const text = useText();
  const isLiveChat = row.kind === 'liveChat';
  const Heading = isLiveChat ? 'h2' : 'h3';
  const count = row.liveChat.queueCount;
  // The queue's own line says how many there are when it is shown.
  const isCounted = count > 0 && (isLiveChat ? !row.isOpen : row.group === 'QUEUE');
  return (
    <UnstyledButton
      className={styles.header ?? ''}
      data-level={isLiveChat ? 1 : 2}
      aria-expanded={row.isOpen}
      onClick={toggle}
    >
      <span aria-hidden className={styles.arrow}>
        ›
      </span>
      <Heading className={styles.heading}>
        {isLiveChat ? row.liveChat.name : text(NAME[row.group])}
      </Heading>
      {isCounted && (
        <Badge size="sm" circle={count < 10} title={text('list.waiting', { count })}>
          {count}
        </Badge>
      )}
    </UnstyledButton>
  );
}
