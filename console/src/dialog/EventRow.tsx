import { Anchor } from '@mantine/core';
import { useIntl } from 'react-intl';
import { useText } from '../language/language';
import styles from './EntryRow.module.css';
import { sayEvent } from './event';
import { RichText } from './RichText';
import type { Entry } from './rows';

interface Props {
  entry: Entry;
  jump: (seq: number) => void;
}

/** Something that happened to the session or to a message, in one sentence. */
export function EventRow({ entry, jump }: Props) {
  const text = useText();
  const intl = useIntl();
  const said = sayEvent(entry);
  const { aboutSeq, text: edited } = entry.event ?? {};
  return (
    <div className={styles.event}>
      <span dir="auto">{said === undefined ? entry.text : text(said.key, said.values)}</span>{' '}
      <time dateTime={entry.sentAt} title={intl.formatDate(entry.sentAt, { dateStyle: 'full' })}>
        {intl.formatTime(entry.sentAt)}
      </time>{' '}
      {typeof aboutSeq === 'number' && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={() => {
            jump(aboutSeq);
          }}
        >
          {text('dialog.event.about')}
        </Anchor>
      )}
      {typeof edited === 'string' && (
        <div className={styles.edited} dir="auto">
          <RichText>{edited}</RichText>
        </div>
      )}
    </div>
  );
}
