import { useFragment } from '@apollo/client/react';
import { Badge, Group, Text } from '@mantine/core';
import { useIntl } from 'react-intl';
import { Link, useRoute } from 'wouter';
import { graphql } from '../generated';
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
    lastMessageAt
    operator {
      id
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
export function SessionRow({ sessionId }: { sessionId: string }) {
  const text = useText();
  const path = sessionPath(sessionId);
  const [isCurrent] = useRoute(path);
  const { data: facts, dataState } = useFragment({
    fragment: SESSION,
    fragmentName: 'SessionRow_session',
    from: { __typename: 'Session', id: sessionId },
  });
  if (dataState !== 'complete') return null;
  const { name, isNew, unreadCount: count, lastMessageAt, preview, operator } = facts;
  const said = preview.kind === 'CLIENT' ? preview.text : `${preview.authorName}: ${preview.text}`;
  return (
    <Link href={path} className={styles.row ?? ''} aria-current={isCurrent ? 'page' : undefined}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text fw={count > 0 ? 700 : 500} size="sm" truncate dir="auto">
          {name}
        </Text>
        <Text size="xs" c="dimmed" className={styles.time ?? ''}>
          {operator && `${operator.name} · `}
          <Time at={lastMessageAt} />
        </Text>
      </Group>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" c="dimmed" truncate dir="auto">
          {said}
        </Text>
        <Group gap={4} wrap="nowrap" className={styles.time ?? ''}>
          {isNew && <Badge size="sm">{text('list.new')}</Badge>}
          {count > 0 && (
            <Badge
              size="sm"
              color="red.8"
              circle={count < 10}
              title={text('list.unread', { count })}
            >
              {count}
            </Badge>
          )}
        </Group>
      </Group>
    </Link>
  );
}

/** The time of today, else the day. */
function Time({ at }: { at: string }) {
  const intl = useIntl();
  const date = new Date(at);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return intl.formatTime(date);
  const isThisYear = date.getFullYear() === now.getFullYear();
  return intl.formatDate(date, {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: '2-digit' }),
  });
}
