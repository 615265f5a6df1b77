import { SegmentedControl, Text } from '@mantine/core';
import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { turnedTo } from './drafts';
import type { SetDraft } from './useDraft';
import type { Meant } from './useSend';

interface Props {
  facts: SessionFacts;
  setDraft: SetDraft;
  meant: Meant;
  /** A note has just been added. */
  isAfterNote: boolean;
}

/** The reason why the operator can add notes only. */
function OnlyNotes({ facts, isTurned }: { facts: SessionFacts; isTurned: boolean }) {
  const text = useText();
  const { channel, operator } = facts;
  if (!channel.canReply) {
    const key = isTurned ? 'composer.turnedNoWayOut' : 'composer.noWayOut';
    return text(key, { channel: channel.name });
  }
  return operator == null
    ? text(isTurned ? 'composer.turnedQueued' : 'composer.onlyNotesQueued')
    : text(isTurned ? 'composer.turned' : 'composer.onlyNotes', { name: operator.name });
}

/** The choice between a reply and a note. */
export function Mode({ facts, setDraft, meant, isAfterNote }: Props) {
  const text = useText();
  const { isNote, isTurned, isStuck } = meant;
  if (!facts.viewerCanReply) {
    return (
      <Text size="xs" c="dimmed" role="status">
        <OnlyNotes facts={facts} isTurned={isTurned} />
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
