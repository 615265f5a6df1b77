import { useIntl, type IntlShape } from 'react-intl';
import { useNow } from '../clock/useNow';
import { useText, type Text } from '../language/language';
import { ago, byDay, type When } from './when';

/** A moment in a list: by its day, or as how long ago it is. It is said anew as time goes by. */
export function Moment({ at, isWaiting = false }: { at: string; isWaiting?: boolean }) {
  const text = useText();
  const intl = useIntl();
  const now = useNow();
  const date = new Date(at);
  const when = isWaiting ? ago(date, now) : byDay(date, now);
  const whole = intl.formatDate(date, { dateStyle: 'full', timeStyle: 'short' });
  return (
    <time dateTime={at} title={isWaiting ? text('list.since', { time: whole }) : whole}>
      {say(when, date, intl, text)}
    </time>
  );
}

function say(when: When, date: Date, intl: IntlShape, text: Text): string {
  switch (when.is) {
    case 'now':
      return text('list.now');
    case 'ago':
      return intl.formatNumber(when.count, {
        style: 'unit',
        unit: when.unit,
        unitDisplay: 'short',
      });
    case 'time':
      return intl.formatTime(date);
    case 'yesterday':
      return text('list.yesterday');
    case 'weekday':
      return intl.formatDate(date, { weekday: 'short' });
    case 'day':
      return intl.formatDate(date, { day: 'numeric', month: 'short' });
    case 'date':
      return intl.formatDate(date, { dateStyle: 'short' });
  }
}
