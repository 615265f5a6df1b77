import { ActionIcon, Button, CloseButton, Text, Textarea } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { QuoteBlock } from '../dialog/QuoteBlock';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { useShortcut } from '../shortcut/registry';
import { Attach } from './Attach';
import type { ComposerProps } from './Composer';
import styles from './Composer.module.css';
import { isOfComposition } from './composing';
import { isBlank, MOST_CHARACTERS, replying, turnedTo } from './drafts';
import { Files } from './Files';
import type { Hindrance } from './hindrance';
import { Mode } from './Mode';
import type { Quote } from './outbox';
import { Templates } from './Templates';
import { useAnswers } from './useAnswers';
import { useFiles } from './useFiles';
import { meantBy, useSend } from './useSend';
import { useTyping } from './useTyping';
import { lengthOf, queryOf } from './written';

interface Props extends ComposerProps {
  facts: SessionFacts;
  hindrance: Hindrance | undefined;
}

/** The field with its buttons: a reply to the client, or a note for colleagues. */
export function Writing(props: Props) {
  const { facts, hindrance, me, field, draft, setDraft, jump } = props;
  const text = useText();
  const typing = useTyping(facts.id);
  const meant = meantBy(facts, draft);
  const { isNote } = meant;
  const quote = isNote ? undefined : draft.quote;
  const insert = (answer: string) => {
    looking.stop();
    setDraft((before) => ({ ...before, text: inserted(before.text, answer, field.current) }));
    field.current?.focus();
  };
  const looking = useLooking(draft.text, isNote);
  const { query, isBare } = looking;
  const list = useAnswers(facts.id, query, insert);
  const files = useFiles(facts.id, draft, setDraft);
  const attach = (picked: readonly File[]) => {
    files.add(picked);
    field.current?.focus();
  };
  // A query for ready answers is not sent.
  const { send: sendNow, canSend } = useSend(props, meant, files, isBare);
  const [isAfterNote, setAfterNote] = useState(false);
  const send = () => {
    if (canSend) setAfterNote(isNote);
    sendNow();
  };
  const write = (written: string) => {
    setAfterNote(false);
    setDraft((before) => ({
      ...before,
      text: written,
      // A new text becomes a note or a reply as its label says, also without a choice.
      isNote: isBlank(before) ? isNote : before.isNote,
    }));
    if (written.trim() !== '' && me.isOnline && !isNote) typing();
  };
  const unquote = () => {
    setDraft((before) => ({ ...before, quote: undefined }));
  };
  useWritingShortcuts(props);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isOfComposition(event.nativeEvent) || event.defaultPrevented) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      // While there is a choice of ready answers Enter chooses, or waits until it can. What was
      // written as a reply becomes a note by the button only.
      if (!list.enter() && !meant.isTurned) send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (query !== undefined) looking.stop();
      else if (quote !== undefined) unquote();
      else field.current?.blur();
    }
  };
  return (
    <div className={styles.composer} data-note={isNote}>
      {quote && <Quoted quote={quote} jump={jump} unquote={unquote} />}
      <Templates list={list}>
        <Textarea
          ref={field}
          autosize
          minRows={1}
          maxRows={9}
          variant="unstyled"
          dir="auto"
          classNames={{ input: styles.input ?? '' }}
          aria-label={text(isNote ? 'composer.note' : 'composer.reply')}
          placeholder={text(placeholderOf(facts, isNote), { name: facts.client.name })}
          value={draft.text}
          onChange={(event) => {
            write(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const { files: pasted } = event.clipboardData;
            // A table that is copied is a text and also a picture of it: the text is meant.
            if (pasted.length === 0 || event.clipboardData.types.includes('text/plain')) return;
            event.preventDefault();
            attach([...pasted]);
          }}
          onFocus={looking.onFocus}
          onBlur={looking.onBlur}
        />
      </Templates>
      <Files own={files} />
      <div className={styles.bar}>
        <Mode
          facts={facts}
          hindrance={hindrance}
          setDraft={setDraft}
          meant={meant}
          isAfterNote={isAfterNote}
        />
        {!isNote && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={text('composer.templates')}
            title={text('composer.templatesHint')}
            aria-expanded={query !== undefined}
            // The focus stays in the field, and with it the list.
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              looking.toggle();
              field.current?.focus();
            }}
          >
            <Icon name="bolt" />
          </ActionIcon>
        )}
        <Attach add={attach} />
        <Length written={draft.text} />
        <Button
          size="xs"
          className={styles.send ?? ''}
          color={isNote ? 'yellow' : 'blue'}
          autoContrast
          disabled={!canSend}
          leftSection={<Icon name={isNote ? 'lock' : 'send'} size={16} />}
          onClick={send}
        >
          {text(sendOf(facts, isNote))}
        </Button>
      </div>
    </div>
  );
}

function placeholderOf(facts: SessionFacts, isNote: boolean) {
  if (isNote) return 'composer.notePlaceholder';
  return facts.state === 'QUEUED' ? 'composer.claimPlaceholder' : 'composer.placeholder';
}

function sendOf(facts: SessionFacts, isNote: boolean) {
  if (isNote) return 'composer.addNote';
  return facts.state === 'QUEUED' ? 'composer.claimAndSend' : 'composer.send';
}

function inserted(before: string, answer: string, field: HTMLTextAreaElement | null): string {
  if (queryOf(before) !== undefined || before.trim() === '') return answer;
  const at = field?.selectionStart ?? before.length;
  return before.slice(0, at) + answer + before.slice(field?.selectionEnd ?? at);
}

/** The search for ready answers, while the field has the focus. */
function useLooking(written: string, isNote: boolean) {
  const [isBrowsing, setBrowsing] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const [dismissed, setDismissed] = useState<string>();
  const typed = isNote || written === dismissed ? undefined : queryOf(written);
  const isShown = hasFocus && !isNote;
  return {
    query: isShown ? (typed ?? (isBrowsing ? '' : undefined)) : undefined,
    /** Nothing is written but what looks for an answer. */
    isBare: typed !== undefined,
    stop: () => {
      setBrowsing(false);
      setDismissed(written);
    },
    toggle: () => {
      setBrowsing(!isBrowsing);
    },
    onFocus: () => {
      setFocus(true);
    },
    onBlur: () => {
      setFocus(false);
      setBrowsing(false);
    },
  };
}

function useWritingShortcuts({ facts, field, setDraft }: Props): void {
  useShortcut('r', 'composer.keys.reply', () => {
    setDraft((before) => replying(before));
    field.current?.focus();
  });
  const note = () => {
    setDraft((before) => turnedTo(before, true));
    field.current?.focus();
  };
  useShortcut('m', 'composer.keys.note', note, { enabled: facts.viewerCanNote });
}

interface QuotedProps {
  quote: Quote;
  jump: (seq: number) => void;
  unquote: () => void;
}

function Quoted({ quote, jump, unquote }: QuotedProps) {
  const text = useText();
  return (
    <div className={styles.quoted}>
      <QuoteBlock quote={quote} jump={jump} />
      <CloseButton aria-label={text('composer.unquote')} onClick={unquote} />
    </div>
  );
}

// From here on it is said how much is left.
const NEARLY = MOST_CHARACTERS - 500;

function Length({ written }: { written: string }) {
  const text = useText();
  // Counting takes time: a character has at least one unit.
  if (written.length < NEARLY) return null;
  const length = lengthOf(written.trim());
  return (
    <Text size="xs" c={length > MOST_CHARACTERS ? 'red' : 'dimmed'} role="status">
      {text('composer.length', { length, most: MOST_CHARACTERS })}
    </Text>
  );
}
