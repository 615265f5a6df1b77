import { Text } from '@mantine/core';
import { useIntl } from 'react-intl';
import { useToday } from '../clock/useNow';
import { useText } from '../language/language';
import { daysBetween } from '../list/when';
import styles from './Dividers.module.css';
import type { Entry } from './rows';

/** The first line of a dialog that is there from its start. */
export function Start() {
  const text = useText();
  return (
    <Text size="sm" c="dimmed" ta="center" py="xs">
      {text('dialog.start')}
    </Text>
  );
}

export function DayDivider({ at }: { at: string }) {
  return (
    <div className={styles.day} role="separator">
      <DayLabel at={at} />
    </div>
  );
}

/** A day, as one says it today. */
export function DayLabel({ at }: { at: string }) {
  const text = useText();
  const intl = useIntl();
  const now = useToday();
  const days = daysBetween(new Date(at), now);
  const isThisYear = new Date(at).getFullYear() === now.getFullYear();
  const label =
    days <= 0
      ? text('dialog.today')
      : days === 1
        ? text('dialog.yesterday')
        : intl.formatDate(at, {
            weekday: 'long',
            day: 'numeric',
            month: 'long',
            ...(!isThisYear && { year: 'numeric' }),
          });
  return <span className={styles.label}>{label}</span>;
}

/** The boundary where another session begins. */
export function SessionDivider({ session }: { session: Entry['session'] }) {
  const text = useText();
  const intl = useIntl();
  const date = intl.formatDate(session.firstMessageAt, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return (
    <div className={styles.session} role="separator">
      <Text size="sm" fw={600} component="bdi">
        {session.name}
      </Text>
      <Text size="xs" c="dimmed">
        {text('dialog.sessionSince', { date })}
      </Text>
    </div>
  );
}

/** Below it stands what one has not read. */
export function NewDivider() {
  const text = useText();
  return (
    <div className={styles.new} role="separator">
      <span>{text('dialog.new')}</span>
    </div>
  );
}
