import type { FragmentType } from '@apollo/client';
import { Group, Text } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import { useFacts } from '../apollo/useFacts';
import type { Me } from '../dialog/Dialog';
import { useIsPast } from '../clock/useNow';
import { graphql } from '../generated';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import styles from './Composer.module.css';
import { GoOnline } from './GoOnline';
import { KeptDraft } from './Kept';
import { hindranceOf } from './hindrance';
import type { Outbox } from './outbox';
import { ReplyWindow } from './ReplyWindow';
import type { Draft } from './drafts';
import type { SetDraft } from './useDraft';
import { useHindered } from './useHindered';
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
      kind
      name
      canReply
    }
    replyUntil
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
  const hindered = useHindered();
  const known = useFacts(SESSION, session);
  const isLate = useIsPast(known?.replyUntil);
  if (known === undefined) return null;
  const isHindered = isLate || !known.channel.canReply;
  const facts = isHindered ? { ...known, viewerCanReply: false } : known;
  const hindrance = hindranceOf(known, isLate);
  const kept = <KeptDraft draft={props.draft} setDraft={props.setDraft} />;
  if (facts.state === 'CLOSED') return <Notice kept={kept}>{text('composer.closed')}</Notice>;
  if (!facts.viewerCanReply && !facts.viewerCanNote) {
    const { operator } = facts;
    if (operator == null && (hindrance?.is === 'noWayOut' || hindrance?.is === 'late')) {
      return <Notice kept={kept}>{hindered(hindrance, 'claim')}</Notice>;
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
      {facts.viewerCanReply && facts.replyUntil && <ReplyWindow until={facts.replyUntil} />}
      <Writing facts={facts} hindrance={hindrance} {...props} />
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
