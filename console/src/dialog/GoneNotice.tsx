import { Button, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { Outbox, Outgoing } from '../composer/outbox';
import { useText } from '../language/language';
import { copy } from './copy';

interface Props {
  name: string;
  by: string | undefined;
  outbox: Outbox;
  /** What was not sent any more. */
  outgoing: readonly Outgoing[];
}

/** Stands in for a dialog that one may see no more. What one wrote for it is not lost. */
export function GoneNotice({ name, by, outbox, outgoing }: Props) {
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
          <Unsent key={one.id} outgoing={one} outbox={outbox} />
        ))}
        <Button component={Link} href="/" variant="default">
          {text('dialog.back')}
        </Button>
      </Stack>
    </Center>
  );
}

function Unsent({ outgoing, outbox }: { outgoing: Outgoing; outbox: Outbox }) {
  const text = useText();
  return (
    <Paper withBorder p="sm" w="100%">
      <Text size="xs" c="dimmed">
        {text('dialog.unsent')}
      </Text>
      <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {outgoing.text}
      </Text>
      <Group gap="xs" mt="xs" justify="flex-end">
        <Button size="compact-xs" variant="light" onClick={() => copy(outgoing.text)}>
          {text('dialog.copy')}
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => {
            outbox.discard(outgoing.id);
          }}
        >
          {text('composer.discard')}
        </Button>
      </Group>
    </Paper>
  );
}
