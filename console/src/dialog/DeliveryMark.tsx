import { VisuallyHidden } from '@mantine/core';
import type { Entry_MessageFragment as EntryFacts } from '../generated/graphql';
import { Icon, type IconName } from '../icon/Icon';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import styles from './EntryRow.module.css';

type Delivery = NonNullable<EntryFacts['delivery']>;

const MARKS: Partial<Record<string, { icon: IconName; key: MessageKey }>> = {
  PENDING: { icon: 'clock', key: 'dialog.pending' },
  SENT: { icon: 'check', key: 'dialog.sent' },
  DELIVERED: { icon: 'checks', key: 'dialog.delivered' },
  READ: { icon: 'checks', key: 'dialog.read' },
};

const REASONS: Partial<Record<string, MessageKey>> = {
  RECIPIENT_UNREACHABLE: 'dialog.unreachable',
  REPLY_WINDOW_CLOSED: 'dialog.windowClosed',
  TOO_LONG: 'dialog.tooLong',
  REJECTED: 'dialog.rejected',
  CHANNEL_DISABLED: 'dialog.channelDisabled',
  UNAUTHORIZED: 'dialog.unauthorized',
  UNAVAILABLE: 'dialog.unavailable',
};

/** The progress of an answer on its way to the client. Of an unknown state it shows nothing. */
export function DeliveryMark({ delivery }: { delivery: Delivery }) {
  const text = useText();
  if (delivery.state === 'FAILED') return <NotDelivered error={delivery.error} />;
  const mark = MARKS[delivery.state];
  if (mark === undefined) return null;
  return (
    <span className={styles.delivery} data-state={delivery.state} title={text(mark.key)}>
      <Icon name={mark.icon} size={14} />
      <VisuallyHidden>{text(mark.key)}</VisuallyHidden>
    </span>
  );
}

function NotDelivered({ error }: { error: Delivery['error'] }) {
  const text = useText();
  const key = error ? REASONS[error.code] : undefined;
  const reason = key === undefined ? error?.message : text(key);
  return (
    <span className={styles.delivery} data-state="FAILED">
      <Icon name="warning" size={14} />
      <span>{text('dialog.notDelivered', { reason: reason ?? '' })}</span>
    </span>
  );
}
