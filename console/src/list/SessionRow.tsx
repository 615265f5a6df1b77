import { useFragment } from '@apollo/client/react';
import { memo } from 'react';
import { Link } from 'wouter';
import { ChannelIcon } from '../channel/ChannelIcon';
import { graphql } from '../generated';
import type {
  SessionGroup,
  SessionRow_SessionFragment as SessionFacts,
} from '../generated/graphql';
import { useText } from '../language/language';
import { useHanded } from '../session/handed';
import { sessionPath } from '../session/path';
import { Face } from './Face';
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
  isCurrent: boolean;
  tabIndex: number;
}

/** A session in a list: its name, the last message, and what is unread. */
export const SessionRow = memo(function SessionRow({
  sessionId,
  group,
  isCurrent,
  tabIndex,
}: Props) {
  const { data: facts, dataState } = useFragment({
    fragment: SESSION,
    fragmentName: 'SessionRow_session',
    from: { __typename: 'Session', id: sessionId },
  });
  const isHanded = useHanded(sessionId) && group === 'MY';
  if (dataState !== 'complete') return <SessionSkeleton />;
  const { name, unreadCount, preview, channel, operator } = facts;
  // Of the others one knows whose they are.
  const isOfOthers = group === 'ACTIVE' || group === 'CLOSED';
  return (
    <Link
      href={sessionPath(sessionId)}
      className={styles.row ?? ''}
      aria-current={isCurrent ? 'page' : undefined}
      data-unread={unreadCount > 0 || isHanded}
      tabIndex={tabIndex}
    >
      <span className={styles.face}>
        <Face name={name} />
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
                <span>{' · '}</span>
              </>
            )}
            <Time facts={facts} group={group} />
          </span>
        </span>
        <span className={styles.line}>
          <span className={styles.preview} dir="auto">
            {preview.authorName !== name && (
              <span className={styles.author}>
                <bdi>{preview.authorName}</bdi>
                <span>{': '}</span>
              </span>
            )}
            <span>{preview.text}</span>
          </span>
          <Marks facts={facts} isHanded={isHanded} />
        </span>
      </span>
    </Link>
  );
});

/** In the queue since when the client waits, of a closed one when that was, else the last message. */
function Time({ facts, group }: { facts: SessionFacts; group: SessionGroup }) {
  const { waitingSince, closedAt, lastMessageAt } = facts;
  if (group === 'QUEUE' && waitingSince != null) return <Moment at={waitingSince} isWaiting />;
  return <Moment at={group === 'CLOSED' ? (closedAt ?? lastMessageAt) : lastMessageAt} />;
}

interface MarksProps {
  facts: SessionFacts;
  /** Somebody gave it to me, and I have not opened it. */
  isHanded: boolean;
}

function Marks({ facts: { isNew, unreadCount: count }, isHanded }: MarksProps) {
  const text = useText();
  return (
    <span className={styles.marks}>
      {isNew && <span className={styles.mark}>{text('list.new')}</span>}
      {isHanded && <span className={styles.mark}>{text('list.handed')}</span>}
      {count > 0 && (
        <span className={styles.count} translate="no" title={text('list.unread', { count })}>
          {count}
        </span>
      )}
    </span>
  );
}
