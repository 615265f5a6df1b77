import { Button, Group, Paper, Text } from '@mantine/core';
import { copy } from '../dialog/copy';
import { useText } from '../language/language';
import { EMPTY, wordsOf, type Draft } from './drafts';
import type { SetDraft } from './useDraft';

interface Props {
  says: string;
  written: string;
  discard: () => void;
}

/** A draft that the operator can no longer send here: it stays in sight. */
export function Kept({ says, written, discard }: Props) {
  const text = useText();
  return (
    <Paper withBorder p="sm" w="100%" mah={240} style={{ overflowY: 'auto', flex: 'none' }}>
      <Text size="xs" c="dimmed">
        {says}
      </Text>
      <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {written}
      </Text>
      <Group gap="xs" mt="xs" justify="flex-end">
        <Button size="compact-xs" variant="light" onClick={() => copy(written)}>
          {text('dialog.copy')}
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={discard}>
          {text('composer.discard')}
        </Button>
      </Group>
    </Paper>
  );
}

/** The draft at the moment when sending became impossible. */
export function KeptDraft({ draft, setDraft }: { draft: Draft; setDraft: SetDraft }) {
  const text = useText();
  const written = [wordsOf(draft), draft.aside ? wordsOf(draft.aside) : ''].filter(Boolean);
  if (written.length === 0) return null;
  return (
    <Kept
      says={text('composer.kept')}
      written={written.join('\n\n')}
      discard={() => {
        setDraft(EMPTY);
      }}
    />
  );
}
