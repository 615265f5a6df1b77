import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { Outbox, Outgoing } from '../composer/outbox';
import { wordsOf, type Draft } from '../composer/drafts';
import { Kept, KeptDraft } from '../composer/Kept';
import type { SetDraft } from '../composer/useDraft';
import { useText } from '../language/language';

interface Props {
  name: string;
  by: string | undefined;
  outbox: Outbox;
  /** The messages that were not sent before the session was gone. */
  outgoing: readonly Outgoing[];
  draft: Draft;
  setDraft: SetDraft;
}

/** Stands in for a dialog that one may see no more. What one wrote for it is not lost. */
export function GoneNotice({ name, by, outbox, outgoing, draft, setDraft }: Props) {
  const text = useText();
  return (
    <Center h="100%" p="xl">
      <Stack align="center" gap="sm" maw={440} role="status">
        <Title order={1} size="h4" ta="center">
          <bdi>{name}</bdi>
        </Title>
        <Text ta="center">
          {by === undefined ? text('dialog.gone') : text('dialog.goneBy', { name: by })}
        </Text>
        {outgoing.map((one) => (
          <Kept
            key={one.id}
            says={text('dialog.unsent')}
            written={wordsOf(one)}
            discard={() => {
              outbox.discard(one.id);
            }}
          />
        ))}
        <KeptDraft draft={draft} setDraft={setDraft} />
        <Button component={Link} href="/" variant="default">
          {text('dialog.back')}
        </Button>
      </Stack>
    </Center>
  );
}
