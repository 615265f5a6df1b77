import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useText } from '../language/language';

/** Stands in for a dialog that one may see no more. */
export function GoneNotice({ name, by }: { name: string; by: string | undefined }) {
  const text = useText();
  return (
    <Center h="100%" p="xl" role="status">
      <Stack align="center" gap="sm" maw={420}>
        <Title order={1} size="h4" ta="center">
          <bdi>{name}</bdi>
        </Title>
        <Text ta="center">
          {by === undefined ? text('dialog.gone') : text('dialog.goneBy', { name: by })}
        </Text>
        <Button component={Link} href="/" variant="default">
          {text('dialog.back')}
        </Button>
      </Stack>
    </Center>
  );
}
