import { useIntl } from 'react-intl';
import { useText } from '../language/language';
import styles from './EntryRow.module.css';
import { sayEvent } from './event';
import type { Entry } from './rows';

/** Something that happened to the session, in one sentence. */
export function EventRow({ entry }: { entry: Entry }) {
  const text = useText();
  const intl = useIntl();
  const said = sayEvent(entry);
  return (
    <div className={styles.event}>
      <span dir="auto">{said === undefined ? entry.text : text(said.key, said.values)}</span>{' '}
      <time dateTime={entry.sentAt} title={intl.formatDate(entry.sentAt, { dateStyle: 'full' })}>
        {intl.formatTime(entry.sentAt)}
      </time>
    </div>
  );
}
