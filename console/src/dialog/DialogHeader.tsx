import type { FragmentType } from '@apollo/client';
import { ActionIcon, Badge, Button, Group, Menu, Modal, Text, Title, Tooltip } from '@mantine/core';
import { useCallback, useState, type ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { useFacts } from '../apollo/useFacts';
import { ChannelIcon } from '../channel/ChannelIcon';
import type { Refusal } from '../error/refusal';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type { DialogHeader_SessionFragment as SessionFacts } from '../generated/graphql';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { useShortcut } from '../shortcut/registry';
import { CLAIM, claimed, CLOSE, closed } from './acts';
import type { Me } from './Dialog';
import styles from './DialogHeader.module.css';
import { ReturnDialog } from './ReturnDialog';

const SESSION = graphql(`
  fragment DialogHeader_session on Session {
    id
    version
    name
    state
    closedAt
    waitingSince
    operator {
      id
      name
      presence
    }
    channel {
      id
      kind
      name
    }
    viewerCanClaim
    viewerCanReturn
    viewerCanClose
  }
`);

interface Props {
  session: FragmentType<SessionFacts>;
  me: Me;
  /** Up to which entry I have seen the dialog. */
  lastSeq: number;
  /** It was not closed, because there is something that I have not seen. */
  onUnseen: () => void;
}

/** The name of the open session, its operator, and the buttons to claim, return and close it. */
export function DialogHeader({ session, me, lastSeq, onUnseen }: Props) {
  const facts = useFacts(SESSION, session);
  if (facts === undefined) return null;
  return (
    <header className={styles.header}>
      <div className={styles.names}>
        <Title order={1} size="h5" className={styles.name ?? ''} title={facts.name}>
          <bdi>{facts.name}</bdi>
        </Title>
        <Standing facts={facts} me={me} />
      </div>
      <Group gap="xs" wrap="nowrap">
        {facts.viewerCanClaim && <Claim sessionId={facts.id} me={me} />}
        {facts.viewerCanReturn && facts.state === 'ASSIGNED' && (
          <More sessionId={facts.id} me={me} />
        )}
        {facts.viewerCanClose && facts.state !== 'CLOSED' && (
          <Close facts={facts} me={me} lastSeq={lastSeq} onUnseen={onUnseen} />
        )}
      </Group>
    </header>
  );
}

const COLOURS = { QUEUED: 'blue', ASSIGNED: 'teal', CLOSED: 'gray' } as const;
const STATES = {
  QUEUED: 'dialog.state.queued',
  ASSIGNED: 'dialog.state.assigned',
  CLOSED: 'dialog.state.closed',
} as const;

/** The state, channel and operator of the session. */
function Standing({ facts, me }: { facts: SessionFacts; me: Me }) {
  const text = useText();
  const intl = useIntl();
  const { state, operator, closedAt, channel } = facts;
  return (
    <div className={styles.standing}>
      <Badge size="sm" variant="light" color={COLOURS[state]} className={styles.state ?? ''}>
        {text(STATES[state])}
      </Badge>
      <ChannelIcon channel={channel} />
      {operator && (
        <Text size="xs" c="dimmed" truncate>
          <span
            className={styles.presence}
            data-online={operator.presence === 'ONLINE'}
            role="img"
            aria-label={text(operator.presence === 'ONLINE' ? 'desk.online' : 'desk.offline')}
          />
          <bdi>{operator.id === me.id ? text('dialog.you') : operator.name}</bdi>
        </Text>
      )}
      {closedAt && (
        <Text size="xs" c="dimmed" truncate>
          {intl.formatDate(closedAt, { dateStyle: 'medium', timeStyle: 'short' })}
        </Text>
      )}
    </div>
  );
}

/** Explains to an offline operator why a button is disabled. */
function Offline({ me, children }: { me: Me; children: ReactNode }) {
  const text = useText();
  return (
    <Tooltip label={text('error.offline')} disabled={me.isOnline} multiline maw={240}>
      <span>{children}</span>
    </Tooltip>
  );
}

function Claim({ sessionId, me }: { sessionId: string; me: Me }) {
  const text = useText();
  const [claim, claiming] = useAct(CLAIM, claimed);
  const take = () => claim({ sessionId });
  useShortcut('t', 'dialog.keys.claim', () => void take(), {
    enabled: me.isOnline && !claiming,
  });
  return (
    <Offline me={me}>
      <Button size="xs" loading={claiming} disabled={!me.isOnline} onClick={take}>
        {text('dialog.claim')}
      </Button>
    </Offline>
  );
}

function More({ sessionId, me }: { sessionId: string; me: Me }) {
  const text = useText();
  const [returning, setReturning] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={text('dialog.acts')}>
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            disabled={!me.isOnline}
            onClick={() => {
              setReturning(true);
            }}
          >
            {text('dialog.return')}
          </Menu.Item>
          {!me.isOnline && <Menu.Label>{text('error.offline')}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <ReturnDialog
        sessionId={sessionId}
        opened={returning}
        onClose={() => {
          setReturning(false);
        }}
      />
    </>
  );
}

interface CloseProps {
  facts: SessionFacts;
  me: Me;
  lastSeq: number;
  onUnseen: () => void;
}

function Close({ facts, me, lastSeq, onUnseen }: CloseProps) {
  const text = useText();
  const [asking, setAsking] = useState(false);
  const refused = useCallback(
    ({ code }: Refusal) => {
      if (code === 'UNSEEN_MESSAGE') onUnseen();
      return false;
    },
    [onUnseen],
  );
  const [close, closing] = useAct(CLOSE, closed, refused);
  const run = () => {
    setAsking(false);
    void close({ sessionId: facts.id, lastSeq });
  };
  const ask = () => {
    setAsking(true);
  };
  useShortcut('c', 'dialog.keys.close', ask, { enabled: me.isOnline && !closing });
  const waits = Boolean(facts.waitingSince);
  return (
    <>
      <Offline me={me}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="check" size={16} />}
          loading={closing}
          disabled={!me.isOnline}
          onClick={waits ? ask : run}
        >
          {text('dialog.close')}
        </Button>
      </Offline>
      <Modal
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
        title={text('dialog.closeTitle')}
      >
        <Text size="sm">{text(waits ? 'dialog.closeWaiting' : 'dialog.closeSure')}</Text>
        <Group justify="flex-end" mt="md">
          <Button
            variant="default"
            onClick={() => {
              setAsking(false);
            }}
          >
            {text('dialog.cancel')}
          </Button>
          <Button data-autofocus onClick={run}>
            {text('dialog.closeNow')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
