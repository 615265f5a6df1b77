import { Button } from '@mantine/core';
import { useIntl } from 'react-intl';
import styles from '../dialog/EntryRow.module.css';
import { copy } from '../dialog/copy';
import { QuoteBlock } from '../dialog/QuoteBlock';
import { NoteMark } from '../dialog/EntryRow';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { wordsOf } from './drafts';
import { GoOnline } from './GoOnline';
import type { Outbox, Outgoing } from './outbox';

interface StateProps {
  outgoing: Outgoing;
  outbox: Outbox;
  /** Puts it back where one writes. */
  edit: (outgoing: Outgoing) => void;
}

interface Props extends StateProps {
  /** True if my name stands above the message. */
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
          <span>{text('dialog.you')}</span>
          {isNote && <NoteMark />}
        </div>
      )}
      <div className={styles.body}>
        <div className={styles.bubble}>
          {quote && <QuoteBlock quote={quote} jump={undefined} />}
          {outgoing.files?.map(({ key, name }) => (
            <span key={key} className={styles.file}>
              <Icon name="clip" size={16} />
              <bdi>{name}</bdi>
            </span>
          ))}
          {outgoing.text !== '' && (
            <div className={styles.text} dir="auto">
              {outgoing.text}
            </div>
          )}
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

// The session takes no more of it.
const OVER = ['SESSION_CLOSED', 'ALREADY_CLAIMED', 'FORBIDDEN', 'NOT_FOUND', 'KEY_REUSED'];
// It would be answered the same as long as it is the same.
const WRONG = ['INVALID', 'BAD_USER_INPUT', 'TOO_COMPLEX'];

function State({ outgoing, outbox, edit }: StateProps) {
  const text = useText();
  const { id, state } = outgoing;
  if (state.kind === 'sending') return null;
  const failed = state.kind === 'failed';
  const code = failed ? (state.code ?? '') : '';
  const isOver = OVER.includes(code);
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
      {code === 'OPERATOR_OFFLINE' && <GoOnline onDone={retry} />}
      {isOver && (
        <Button size="compact-xs" variant="light" onClick={() => copy(wordsOf(outgoing))}>
          {text('dialog.copy')}
        </Button>
      )}
      {!isOver && !WRONG.includes(code) && (
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
            edit(outgoing);
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
