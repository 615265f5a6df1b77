import type { FragmentType } from '@apollo/client';
import { Group, Text } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import { useFacts } from '../apollo/useFacts';
import type { Me } from '../dialog/Dialog';
import { graphql } from '../generated';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import styles from './Composer.module.css';
import { GoOnline } from './GoOnline';
import { KeptDraft } from './Kept';
import type { Outbox } from './outbox';
import type { Draft } from './drafts';
import type { SetDraft } from './useDraft';
import { Writing } from './Writing';

const SESSION = graphql(`
  fragment Composer_session on Session {
    id
    version
    state
    operator {
      id
      name
    }
    client {
      id
      name
    }
    channel {
      id
      name
      canReply
    }
    viewerCanReply
    viewerCanNote
  }
`);

export interface ComposerProps {
  me: Me;
  field: RefObject<HTMLTextAreaElement | null>;
  draft: Draft;
  setDraft: SetDraft;
  outbox: Outbox;
  /** Up to which entry I have seen the dialog. */
  readUpToSeq: number;
  jump: (seq: number) => void;
  onSent: () => void;
}

/** The field for replies and notes, or the reason why the operator cannot write. */
export function Composer({
  session,
  ...props
}: ComposerProps & { session: FragmentType<SessionFacts> }) {
  const text = useText();
  const facts = useFacts(SESSION, session);
  if (facts === undefined) return null;
  const kept = <KeptDraft draft={props.draft} setDraft={props.setDraft} />;
  if (facts.state === 'CLOSED') return <Notice kept={kept}>{text('composer.closed')}</Notice>;
  if (!facts.viewerCanReply && !facts.viewerCanNote) {
    const { channel, operator } = facts;
    if (operator == null && !channel.canReply) {
      return (
        <Notice kept={kept}>{text('composer.noWayOutQueued', { channel: channel.name })}</Notice>
      );
    }
    return (
      <Notice kept={kept}>
        {operator == null
          ? text('composer.readOnly')
          : text('composer.readOnlyOf', { name: operator.name })}
      </Notice>
    );
  }
  return (
    <>
      {!props.me.isOnline && (
        <Group className={styles.offline ?? ''} justify="center" gap="sm">
          <Text size="sm">{text('error.offline')}</Text>
          <GoOnline />
        </Group>
      )}
      <Writing facts={facts} {...props} />
    </>
  );
}

function Notice({ children, kept }: { children: string; kept: ReactNode }) {
  return (
    <div className={styles.notice}>
      <Text size="sm" c="dimmed" ta="center" role="status">
        {children}
      </Text>
      {kept}
    </div>
  );
}
