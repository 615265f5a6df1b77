import { useIntl, type IntlShape } from 'react-intl';
import { useNow } from '../clock/useNow';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { daysBetween } from '../list/when';
import styles from './Composer.module.css';
import { remaining, type Remaining } from './remaining';

/** Says until when the messenger takes an answer, and how long that still is. */
export function ReplyWindow({ until }: { until: string }) {
  const text = useText();
  const intl = useIntl();
  const now = useNow();
  const date = new Date(until);
  const left = remaining(date, now);
  return (
    <div className={styles.window} data-soon={left.isSoon} role="timer">
      <Icon name={left.isSoon ? 'warning' : 'clock'} size={14} />
      <span>
        {text('composer.until', { time: timeOf(date, now, intl), left: sayLeft(left, intl) })}
      </span>
    </div>
  );
}

/** The time of a moment, with its day if that is not today. */
function timeOf(date: Date, now: Date, intl: IntlShape): string {
  return daysBetween(date, now) === 0
    ? intl.formatTime(date)
    : intl.formatDate(date, { weekday: 'short', hour: 'numeric', minute: 'numeric' });
}

function sayLeft({ hours, minutes }: Remaining, intl: IntlShape): string {
  const say = (count: number, unit: 'hour' | 'minute') =>
    intl.formatNumber(count, { style: 'unit', unit, unitDisplay: 'short' });
  const parts = [hours > 0 && say(hours, 'hour'), minutes > 0 && say(minutes, 'minute')];
  return parts.filter((part) => part !== false).join(' ');
}
