import { SegmentedControl, Text } from '@mantine/core';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { turnedTo } from './drafts';
import type { Hindrance } from './hindrance';
import type { SetDraft } from './useDraft';
import { useHindered } from './useHindered';
import type { Meant } from './useSend';

interface Props {
  facts: SessionFacts;
  hindrance: Hindrance | undefined;
  setDraft: SetDraft;
  meant: Meant;
  /** A note has just been added. */
  isAfterNote: boolean;
}

/** The choice between a reply and a note. */
export function Mode({ facts, hindrance, setDraft, meant, isAfterNote }: Props) {
  const text = useText();
  const hindered = useHindered();
  const { isNote, isTurned, isStuck } = meant;
  if (hindrance !== undefined) {
    return (
      <Text size="xs" c="dimmed" role="status">
        {hindered(hindrance, isTurned ? 'turned' : 'notes')}
      </Text>
    );
  }
  if (!facts.viewerCanNote && !isNote) return null;
  const after = isAfterNote && !isNote;
  const hint = isStuck
    ? text('composer.noNotes')
    : after && text('composer.afterNote', { name: facts.client.name });
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={text('composer.mode')}
        value={isNote ? 'note' : 'reply'}
        data={[
          { value: 'reply', label: text('composer.modeReply') },
          { value: 'note', label: text('composer.modeNote') },
        ]}
        onChange={(mode) => {
          setDraft((before) => turnedTo(before, mode === 'note'));
        }}
      />
      <Text size="xs" c="dimmed" role="status">
        {hint}
      </Text>
    </>
  );
}
