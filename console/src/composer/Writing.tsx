import { ActionIcon, Button, CloseButton, SegmentedControl, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type KeyboardEvent } from 'react';
import { QuoteBlock } from '../dialog/QuoteBlock';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { useShortcut } from '../shortcut/registry';
import type { ComposerProps } from './Composer';
import styles from './Composer.module.css';
import { isOfComposition } from './composing';
import { EMPTY, MOST_CHARACTERS } from './drafts';
import type { Quote } from './outbox';
import { Templates } from './Templates';
import { useTyping } from './useTyping';
import { lengthOf, queryOf } from './written';

interface Props extends ComposerProps {
  facts: SessionFacts;
}

/** The field with its buttons: a reply to the client, or a note for colleagues. */
export function Writing(props: Props) {
  const { facts, me, field, draft, setDraft, jump } = props;
  const text = useText();
  const typing = useTyping(facts.id);
  const [browsing, setBrowsing] = useState(false);
  const isNote = isNoteOf(props);
  const quote = isNote ? undefined : draft.quote;
  const { send, canSend } = useSend(props);
  const [dismissed, setDismissed] = useState<string>();
  const typed = draft.text === dismissed ? undefined : queryOf(draft.text);
  const query = isNote ? undefined : (typed ?? (browsing ? '' : undefined));
  const dismiss = () => {
    setBrowsing(false);
    setDismissed(draft.text);
  };
  const write = (written: string) => {
    setDraft((before) => ({ ...before, text: written }));
    if (written.trim() !== '' && me.isOnline && !isNote) typing();
  };
  const unquote = () => {
    setDraft((before) => ({ ...before, quote: undefined }));
  };
  useWritingShortcuts(props);
  const insert = (answer: string) => {
    setBrowsing(false);
    setDraft((before) => ({ ...before, text: inserted(before.text, answer, field.current) }));
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isOfComposition(event.nativeEvent) || event.defaultPrevented) return;
    // A ready answer that is marked is what Enter means.
    const isChoosing =
      query !== undefined && event.currentTarget.hasAttribute('aria-activedescendant');
    if (event.key === 'Enter' && !event.shiftKey && !isChoosing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (query !== undefined) dismiss();
      else if (quote !== undefined) unquote();
      else field.current?.blur();
    }
  };
  return (
    <div className={styles.composer} data-note={isNote}>
      {quote && <Quoted quote={quote} jump={jump} unquote={unquote} />}
      <Templates sessionId={facts.id} query={query} insert={insert} close={dismiss}>
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
        />
      </Templates>
      <div className={styles.bar}>
        <Mode {...props} isNote={isNote} />
        {!isNote && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={text('composer.templates')}
            title={text('composer.templatesHint')}
            aria-expanded={query !== undefined}
            onClick={() => {
              setBrowsing(!browsing);
              field.current?.focus();
            }}
          >
            <Icon name="bolt" />
          </ActionIcon>
        )}
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

/** A note, where it was chosen, or where nothing else is possible. */
function isNoteOf({ facts, draft }: Pick<Props, 'facts' | 'draft'>): boolean {
  if (!facts.viewerCanReply) return true;
  return draft.isNote && facts.viewerCanNote;
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

function useSend(props: Props): { send: () => void; canSend: boolean } {
  const { facts, me, draft, setDraft, outbox, readUpToSeq, onSent } = props;
  const text = useText();
  const written = draft.text.trim();
  const isNote = isNoteOf(props);
  const canSend = me.isOnline && written !== '' && lengthOf(written) <= MOST_CHARACTERS;
  const send = () => {
    if (!canSend) return;
    const added = outbox.add({
      id: crypto.randomUUID(),
      sessionId: facts.id,
      isNote,
      text: written,
      quote: isNote ? undefined : draft.quote,
      readUpToSeq: readUpToSeq > 0 ? readUpToSeq : undefined,
      at: new Date().toISOString(),
    });
    if (!added) {
      notifications.show({ color: 'red', message: text('composer.tooMany') });
      return;
    }
    setDraft({ ...EMPTY, isNote: false });
    onSent();
  };
  return { send, canSend };
}

function useWritingShortcuts({ facts, field, setDraft }: Props): void {
  const write = (isNote: boolean) => {
    setDraft((before) => ({ ...before, isNote }));
    field.current?.focus();
  };
  useShortcut('r', 'composer.keys.reply', () => {
    write(false);
  });
  const note = () => {
    write(true);
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

/** Whom it is for. */
function Mode({ facts, setDraft, isNote }: Props & { isNote: boolean }) {
  const text = useText();
  if (!facts.viewerCanNote) return null;
  if (!facts.viewerCanReply) {
    return (
      <Text size="xs" c="dimmed">
        {facts.operator
          ? text('composer.onlyNotes', { name: facts.operator.name })
          : text('composer.onlyNotesQueued')}
      </Text>
    );
  }
  return (
    <SegmentedControl
      size="xs"
      aria-label={text('composer.mode')}
      value={isNote ? 'note' : 'reply'}
      data={[
        { value: 'reply', label: text('composer.modeReply') },
        { value: 'note', label: text('composer.modeNote') },
      ]}
      onChange={(mode) => {
        setDraft((before) => ({ ...before, isNote: mode === 'note' }));
      }}
    />
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
