import { useFragment } from '@apollo/client/react';
import { Avatar, Badge, Text } from '@mantine/core';
import { Link, useRoute } from 'wouter';
import { ChannelIcon } from '../channel/ChannelIcon';
import { graphql } from '../generated';
import type {
  SessionGroup,
  SessionRow_SessionFragment as SessionFacts,
} from '../generated/graphql';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import { Moment } from './Moment';
import styles from './SessionRow.module.css';
import { SessionSkeleton } from './SessionSkeleton';

const SESSION = graphql(`
  fragment SessionRow_session on Session {
    id
    version
    name
    state
    isNew
    unreadCount
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

interface Props {
  sessionId: string;
  group: SessionGroup;
  tabIndex: number;
}

/** A session in a list: its name, the last message, and what is unread. */
export function SessionRow({ sessionId, group, tabIndex }: Props) {
  const path = sessionPath(sessionId);
  const [isCurrent] = useRoute(path);
  const { data: facts, dataState } = useFragment({
    fragment: SESSION,
    fragmentName: 'SessionRow_session',
    from: { __typename: 'Session', id: sessionId },
  });
  if (dataState !== 'complete') return <SessionSkeleton />;
  const { name, unreadCount, preview, channel, operator } = facts;
  // Of the others one knows whose they are.
  const isOfOthers = group === 'ACTIVE' || group === 'CLOSED';
  return (
    <Link
      href={path}
      className={styles.row ?? ''}
      aria-current={isCurrent ? 'page' : undefined}
      data-unread={unreadCount > 0}
      tabIndex={tabIndex}
    >
      <span className={styles.face}>
        <Avatar name={name} color="blue" variant="filled" size={36} aria-hidden />
        <span className={styles.channel}>
          <ChannelIcon channel={channel} />
        </span>
      </span>
      <span className={styles.body}>
        <span className={styles.line}>
          <span className={styles.name} dir="auto">
            {name}
          </span>
          <span className={styles.time}>
            {isOfOthers && operator && (
              <>
                <span className={styles.operator} dir="auto">
                  {operator.name}
                </span>
                {' · '}
              </>
            )}
            <Time facts={facts} group={group} />
          </span>
        </span>
        <span className={styles.line}>
          <Text span size="sm" c="dimmed" className={styles.preview ?? ''} dir="auto">
            {preview.authorName !== name && (
              <span className={styles.author}>{`${preview.authorName}: `}</span>
            )}
            {preview.text}
          </Text>
          <Marks facts={facts} />
        </span>
      </span>
    </Link>
  );
}

/** Of a queued one since when the client waits, of a closed one when that was, else the last message. */
function Time({ facts, group }: { facts: SessionFacts; group: SessionGroup }) {
  const { state, waitingSince, closedAt, lastMessageAt } = facts;
  if (state === 'QUEUED' && waitingSince != null) return <Moment at={waitingSince} isWaiting />;
  return <Moment at={group === 'CLOSED' ? (closedAt ?? lastMessageAt) : lastMessageAt} />;
}

function Marks({ facts: { isNew, unreadCount: count } }: { facts: SessionFacts }) {
  const text = useText();
  return (
    <span className={styles.marks}>
      {isNew && (
        <Badge size="sm" variant="light">
          {text('list.new')}
        </Badge>
      )}
      {count > 0 && (
        <Badge size="sm" color="red.8" title={text('list.unread', { count })}>
          {count}
        </Badge>
      )}
    </span>
  );
}
