import type { FragmentType } from '@apollo/client';
import { Badge, Group, Text } from '@mantine/core';
import { useIntl } from 'react-intl';
import { Link, useRoute } from 'wouter';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { SessionRow_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import styles from './SessionRow.module.css';

const SESSION = graphql(`
  fragment SessionRow_session on Session {
    id
    version
    name
    state
    isNew
    unreadCount
    firstMessageAt
    lastMessageAt
    waitingSince
    closedAt
    operator {
      id
      name
    }
    channel {
      id
      kind
      name
    }
    preview {
      kind
      authorName
      text
    }
  }
`);

/** A session in a list: its name, the last message, and what is unread. */
export function SessionRow({ session }: { session: FragmentType<SessionFacts> }) {
  const text = useText();
  const intl = useIntl();
  const facts = useFacts(SESSION, session);
  const path = facts === undefined ? '' : sessionPath(facts.id);
  const [current] = useRoute(path);
  if (facts === undefined) return null;
  const { name, isNew, unreadCount: count, lastMessageAt, preview } = facts;
  return (
    <Link href={path} className={styles.row ?? ''} aria-current={current ? 'page' : undefined}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text fw={600} size="sm" truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed" className={styles.time ?? ''}>
          {intl.formatTime(lastMessageAt)}
        </Text>
      </Group>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" c="dimmed" truncate>
          {preview.text}
        </Text>
        <Group gap={4} wrap="nowrap" className={styles.time ?? ''}>
          {isNew && <Badge size="sm">{text('list.new')}</Badge>}
          {count > 0 && (
            <Badge size="sm" color="red" circle={count < 10} title={text('list.unread', { count })}>
              {count}
            </Badge>
          )}
        </Group>
      </Group>
    </Link>
  );
}
