import { Badge, Button, Group, Text, UnstyledButton } from '@mantine/core';
import type { SessionGroup } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import { useLists, useListsContext } from './lists';
import styles from './Lists.module.css';
import { SessionRow } from './SessionRow';
import { SessionSkeleton } from './SessionSkeleton';
import type { InsteadRow, Row } from './tree';

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

interface Props<R> {
  row: R;
  /** Of what in it has the focus: one line is reached by Tab. */
  tabIndex: number;
}

/** A line of the tree: a live chat, a group, a session, or what there is instead. */
export function RowView({ row, isCurrent, tabIndex }: Props<Row> & { isCurrent: boolean }) {
  const text = useText();
  switch (row.kind) {
    case 'liveChat':
    case 'group':
      return <Header row={row} tabIndex={tabIndex} />;
    case 'session':
      return (
        <SessionRow
          sessionId={row.sessionId}
          group={row.group}
          isCurrent={isCurrent}
          tabIndex={tabIndex}
        />
      );
    case 'empty':
      return <Empty group={row.group} />;
    case 'loading':
    case 'more':
      return (
        <div role="status" aria-label={text('list.loading')}>
          {Array.from({ length: row.kind === 'more' ? 1 : 3 }, (_, at) => (
            <SessionSkeleton key={at} />
          ))}
        </div>
      );
    case 'error':
      return <Failed row={row} tabIndex={tabIndex} />;
  }
}

type HeaderRow = Extract<Row, { kind: 'liveChat' | 'group' }>;

function Header({ row, tabIndex }: Props<HeaderRow>) {
  const text = useText();
  const { setOpen } = useListsContext();
  const isLiveChat = row.kind === 'liveChat';
  const Heading = isLiveChat ? 'h2' : 'h3';
  // The queue's own line says how many wait when it is shown.
  const count = row.kind === 'group' ? row.count : row.isOpen ? 0 : row.liveChat.queueCount;
  const isOfQueue = row.kind === 'liveChat' || row.group === 'QUEUE';
  return (
    <UnstyledButton
      className={styles.header ?? ''}
      data-level={isLiveChat ? 1 : 2}
      aria-expanded={row.isOpen}
      tabIndex={tabIndex}
      onClick={() => {
        setOpen(row.key, !row.isOpen);
      }}
    >
      <span aria-hidden className={styles.arrow} />
      <Heading className={styles.heading} dir="auto">
        {isLiveChat ? row.liveChat.name : text(NAME[row.group])}
      </Heading>
      {count !== undefined && count > 0 && (
        <Badge
          size="sm"
          translate="no"
          {...(isOfQueue ? { title: text('list.waiting', { count }) } : { variant: 'default' })}
        >
          {count}
        </Badge>
      )}
    </UnstyledButton>
  );
}

function Empty({ group }: { group: SessionGroup }) {
  const text = useText();
  const { filter } = useLists();
  const isFiltered = filter.unread || filter.waitingForReply;
  return (
    <Text size="xs" c="dimmed" className={styles.empty ?? ''} lineClamp={2}>
      {text(isFiltered ? 'list.emptyFiltered' : EMPTY[group])}
    </Text>
  );
}

function Failed({ row, tabIndex }: Props<InsteadRow>) {
  const text = useText();
  const { store } = useListsContext();
  return (
    <Group px="md" h="100%" justify="space-between" wrap="nowrap" role="alert">
      <Text size="sm" c="red" truncate>
        {text('list.failed')}
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        flex="none"
        tabIndex={tabIndex}
        onClick={() => {
          void store.load(row.liveChatId, row.group);
        }}
      >
        {text('error.retry')}
      </Button>
    </Group>
  );
}
