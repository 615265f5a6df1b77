import { notifications } from '@mantine/notifications';
import { clock } from '../clock/clock';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import type { ComposerProps } from './Composer';
import { afterwards, isBlank, MOST_CHARACTERS, type Draft } from './drafts';
import type { DraftFiles } from './useFiles';
import { lengthOf } from './written';

interface Sent {
  send: () => void;
  canSend: boolean;
}

/**
 * The use of the field's text now, reply or note, and whether the operator may still send it as it
 * was written.
 */
export interface Meant {
  isNote: boolean;
  /** It was written as a reply, and can be one no more. */
  isTurned: boolean;
  /** It was written as a note, and nobody may leave one now. */
  isStuck: boolean;
}

/** A note, where it was chosen, or where nothing else is possible. What is written never turns. */
export function meantBy(facts: SessionFacts, draft: Draft): Meant {
  const isWritten = !isBlank(draft);
  const isNote = !facts.viewerCanReply || (draft.isNote && (facts.viewerCanNote || isWritten));
  return {
    isNote,
    isTurned: isNote && !draft.isNote && isWritten,
    isStuck: isNote && !facts.viewerCanNote,
  };
}

/** Gives what is written to the outbox. `isHeld` says that it is not to be sent as it stands. */
export function useSend(
  { facts, me, draft, setDraft, outbox, readUpToSeq, onSent, field }: ComposerProps & Facts,
  { isNote, isStuck }: Meant,
  { files, areReady, forget }: DraftFiles,
  isHeld: boolean,
): Sent {
  const text = useText();
  const written = draft.text.trim().toWellFormed();
  const canSend =
    me.isOnline &&
    !isHeld &&
    !isStuck &&
    areReady &&
    !isBlank(draft) &&
    lengthOf(written) <= MOST_CHARACTERS;
  const send = () => {
    if (!canSend) return;
    const added = outbox.add({
      id: crypto.randomUUID(),
      sessionId: facts.id,
      isNote,
      text: written,
      quote: isNote ? undefined : draft.quote,
      files: files.length > 0 ? files : undefined,
      readUpToSeq: readUpToSeq > 0 ? readUpToSeq : undefined,
      at: new Date(clock.now()).toISOString(),
    });
    if (!added) {
      notifications.show({ color: 'red', message: text('composer.tooMany') });
      return;
    }
    setDraft(afterwards);
    forget();
    field.current?.focus();
    onSent();
  };
  return { send, canSend };
}

interface Facts {
  facts: SessionFacts;
}
