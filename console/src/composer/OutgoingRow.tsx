import { Button } from '@mantine/core';
import { useIntl } from 'react-intl';
import styles from '../dialog/EntryRow.module.css';
import { copy } from '../dialog/copy';
import { QuoteBlock } from '../dialog/QuoteBlock';
import { NoteMark } from '../dialog/EntryRow';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { GoOnline } from './GoOnline';
import type { Outbox, Outgoing } from './outbox';

interface StateProps {
  outgoing: Outgoing;
  outbox: Outbox;
  /** Puts the text back where one writes. */
  edit: (text: string) => void;
}

interface Props extends StateProps {
  /** Whether my name stands above it. */
  leads: boolean;
}

/** A message on its way: it looks as it will, and says what hinders it. */
export function OutgoingRow({ outgoing, leads, outbox, edit }: Props) {
  const text = useText();
  const intl = useIntl();
  const { id, isNote, quote } = outgoing;
  return (
    <article
      className={styles.entry}
      data-side="end"
      data-kind={isNote ? 'NOTE' : 'OUTGOING'}
      data-mine="true"
      data-leads={leads}
      aria-label={text('composer.outgoing')}
    >
      {leads && (
        <div className={styles.author}>
          {text('dialog.you')}
          {isNote && <NoteMark />}
        </div>
      )}
      <div className={styles.body}>
        <div className={styles.bubble}>
          {quote && <QuoteBlock quote={quote} jump={undefined} />}
          <div className={styles.text} dir="auto">
            {outgoing.text}
          </div>
          <time className={styles.time} dateTime={outgoing.at}>
            {intl.formatTime(outgoing.at)}
          </time>
        </div>
        <span className={styles.channel}>
          <Icon name={outgoing.state.kind === 'failed' ? 'warning' : 'clock'} size={14} />
        </span>
      </div>
      <State key={id} outgoing={outgoing} outbox={outbox} edit={edit} />
    </article>
  );
}

// Sending it again would be answered the same.
const OVER = ['SESSION_CLOSED', 'ALREADY_CLAIMED', 'FORBIDDEN', 'NOT_FOUND', 'KEY_REUSED'];

function State({ outgoing, outbox, edit }: StateProps) {
  const text = useText();
  const { id, state } = outgoing;
  if (state.kind === 'sending') return null;
  const failed = state.kind === 'failed';
  const isOver = failed && state.code !== undefined && OVER.includes(state.code);
  const why = text(state.said.key, state.said.values);
  const retry = () => {
    outbox.retry(id);
  };
  const discard = () => {
    outbox.discard(id);
  };
  return (
    <div className={styles.state} data-failed={failed} role={failed ? 'alert' : 'status'}>
      <span>{text(failed ? 'composer.failed' : 'composer.waiting', { why })}</span>
      {failed && state.code === 'OPERATOR_OFFLINE' && <GoOnline onDone={retry} />}
      {isOver ? (
        <Button size="compact-xs" variant="light" onClick={() => copy(outgoing.text)}>
          {text('dialog.copy')}
        </Button>
      ) : (
        <Button size="compact-xs" variant="light" onClick={retry}>
          {text(failed ? 'error.retry' : 'composer.now')}
        </Button>
      )}
      {failed && !isOver && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            discard();
            edit(outgoing.text);
          }}
        >
          {text('composer.edit')}
        </Button>
      )}
      <Button size="compact-xs" variant="subtle" color="gray" onClick={discard}>
        {text('composer.discard')}
      </Button>
    </div>
  );
}
