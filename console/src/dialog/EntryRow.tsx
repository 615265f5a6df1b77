import { ActionIcon, Menu, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { ChannelIcon } from '../channel/ChannelIcon';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { isPicture } from './attachment';
import { Attachments } from './Attachments';
import { copy } from './copy';
import type { RetryChance } from './delivery';
import { DeliveryMark } from './DeliveryMark';
import styles from './EntryRow.module.css';
import type { Amendment } from './event';
import { QuoteBlock } from './QuoteBlock';
import { RichText } from './RichText';
import type { Entry } from './rows';

/** The actions for an entry. */
export interface EntryActs {
  /** `undefined` where one cannot reply. */
  quote: ((entry: Entry) => void) | undefined;
  jump: (seq: number) => void;
  /** Shows a picture in the viewer. */
  view: (fileId: string) => void;
  /** True if a failed delivery can be begun anew. */
  chance: RetryChance;
  markUnread: (seq: number) => void;
}

interface Props {
  entry: Entry;
  /** True if the author's name stands above the entry. */
  leads: boolean;
  isMine: boolean;
  /** The client's later act on the message; `undefined` if none is known. */
  amendment: Amendment | undefined;
  acts: EntryActs;
}

/** A message or note: who wrote what, when, and by which channel. */
export function EntryRow({ entry, leads, isMine, amendment, acts }: Props) {
  const text = useText();
  const { kind, author, channel, replyTo } = entry;
  const isNote = kind === 'NOTE';
  return (
    <article
      className={styles.entry}
      data-side={kind === 'CLIENT' ? 'start' : 'end'}
      data-kind={kind}
      data-mine={isMine}
      data-leads={leads}
    >
      {leads ? (
        <div className={styles.author}>
          <bdi>{isMine ? text('dialog.you') : author.name}</bdi>
          {isNote && <NoteMark />}
        </div>
      ) : (
        <VisuallyHidden>{author.name}</VisuallyHidden>
      )}
      <div className={styles.body}>
        <div className={styles.bubble} data-pictured={entry.attachments.some(isPicture)}>
          {replyTo && (
            <QuoteBlock quote={{ ...replyTo, author: replyTo.author.name }} jump={acts.jump} />
          )}
          {entry.attachments.length > 0 && (
            <Attachments files={entry.attachments} view={acts.view} />
          )}
          {entry.text !== '' && (
            <div className={styles.text} dir="auto">
              <RichText>{entry.text}</RichText>
            </div>
          )}
          {amendment && <span className={styles.amendment}>{text(`dialog.${amendment}`)}</span>}
          <Time at={entry.sentAt} />
          {entry.delivery && (
            <DeliveryMark messageId={entry.id} delivery={entry.delivery} chance={acts.chance} />
          )}
        </div>
        <span className={styles.channel}>{channel && <ChannelIcon channel={channel} />}</span>
        <Tools entry={entry} acts={acts} />
      </div>
    </article>
  );
}

/** Says that no client sees it. */
export function NoteMark() {
  const text = useText();
  return (
    <span className={styles.note}>
      <Icon name="lock" size={13} />
      <span>{text('dialog.note')}</span>
    </span>
  );
}

function Time({ at }: { at: string }) {
  const intl = useIntl();
  return (
    <time
      className={styles.time}
      dateTime={at}
      title={intl.formatDate(at, { dateStyle: 'full', timeStyle: 'medium' })}
    >
      {intl.formatTime(at)}
    </time>
  );
}

function Tools({ entry, acts }: { entry: Entry; acts: EntryActs }) {
  const text = useText();
  const quote = entry.kind === 'NOTE' ? undefined : acts.quote;
  return (
    <div className={styles.tools}>
      {quote && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={text('dialog.quoteOf', { name: entry.author.name })}
          title={text('dialog.quote')}
          onClick={() => {
            quote(entry);
          }}
        >
          <Icon name="quote" size={16} />
        </ActionIcon>
      )}
      <More entry={entry} acts={acts} />
    </div>
  );
}

/** The menu of an entry. It is made when it is opened: there are many entries. */
function More({ entry, acts }: { entry: Entry; acts: EntryActs }) {
  const text = useText();
  const [opened, setOpened] = useState(false);
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-haspopup="menu"
      aria-label={text('dialog.more', { name: entry.author.name })}
      {...(!opened && {
        onClick: () => {
          setOpened(true);
        },
      })}
    >
      <Icon name="dots" size={16} />
    </ActionIcon>
  );
  if (!opened) return button;
  const link = `${window.location.origin}${window.location.pathname}?seq=${entry.seq}`;
  return (
    <Menu opened onChange={setOpened} position="bottom-end" returnFocus>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => copy(entry.text)}>{text('dialog.copy')}</Menu.Item>
        <Menu.Item onClick={() => copy(link)}>{text('dialog.copyLink')}</Menu.Item>
        <Menu.Item
          onClick={() => {
            acts.markUnread(entry.seq);
          }}
        >
          {text('dialog.markUnread')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
