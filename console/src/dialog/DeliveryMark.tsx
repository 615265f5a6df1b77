import { Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { useRef } from 'react';
import { clock } from '../clock/clock';
import { useAct } from '../error/useAct';
import { Icon, type IconName } from '../icon/Icon';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import { RETRY_DELIVERY, retried } from './acts';
import { begunAnew, canRetry, sayFailure, type Delivery, type RetryChance } from './delivery';
import styles from './EntryRow.module.css';

const MARKS: Partial<Record<string, { icon: IconName; key: MessageKey }>> = {
  PENDING: { icon: 'clock', key: 'dialog.pending' },
  SENT: { icon: 'check', key: 'dialog.sent' },
  DELIVERED: { icon: 'checks', key: 'dialog.delivered' },
  READ: { icon: 'checks', key: 'dialog.read' },
};

interface Props {
  messageId: string;
  delivery: Delivery;
  chance: RetryChance;
}

/** The progress of an answer on its way to the client. Of an unknown state it shows nothing. */
export function DeliveryMark({ messageId, delivery, chance }: Props) {
  const text = useText();
  const place = useRef<HTMLSpanElement>(null);
  const failed = delivery.state === 'FAILED';
  const mark = MARKS[delivery.state];
  if (!failed && mark === undefined) return null;
  return (
    // The button leaves when it is used: then the focus stays here.
    <span
      ref={place}
      className={styles.delivery}
      data-state={delivery.state}
      tabIndex={-1}
      title={mark && text(mark.key)}
    >
      {mark && (
        <>
          <Icon name={mark.icon} size={14} />
          <VisuallyHidden>{text(mark.key)}</VisuallyHidden>
        </>
      )}
      {failed && <NotDelivered error={delivery.error} isLate={chance.isLate} />}
      {canRetry(delivery, chance) && (
        <Retry
          messageId={messageId}
          delivery={delivery}
          isOnline={chance.isOnline}
          onStart={() => place.current?.focus()}
        />
      )}
    </span>
  );
}

function NotDelivered({ error, isLate }: { error: Delivery['error']; isLate: boolean }) {
  const text = useText();
  const { reason, detail } = sayFailure(error, isLate);
  return (
    <>
      <Icon name="warning" size={14} />
      <span className={styles.failure}>
        <span>{text('dialog.notDelivered', { reason: reason ? text(reason) : '' })}</span>
        {detail !== undefined && (
          <span className={styles.detail} dir="auto" lang="en">
            {detail}
          </span>
        )}
      </span>
    </>
  );
}

interface RetryProps {
  messageId: string;
  delivery: Delivery;
  isOnline: boolean;
  onStart: () => void;
}

/** Begins the delivery anew. It is shown as begun at once; a refusal shows the failure again. */
function Retry({ messageId, delivery, isOnline, onStart }: RetryProps) {
  const text = useText();
  const [retry] = useAct(RETRY_DELIVERY, retried);
  const run = () => {
    onStart();
    const message = {
      __typename: 'Message' as const,
      id: messageId,
      delivery: begunAnew(delivery, clock.now()),
    };
    const retryDelivery = { __typename: 'RetryDeliveryPayload' as const, message, userErrors: [] };
    void retry({ messageId }, { retryDelivery });
  };
  return (
    <Tooltip label={text('error.offline')} disabled={isOnline} multiline maw={240}>
      <span>
        <Button size="compact-xs" variant="light" color="red" disabled={!isOnline} onClick={run}>
          {text('dialog.retry')}
        </Button>
      </span>
    </Tooltip>
  );
}
