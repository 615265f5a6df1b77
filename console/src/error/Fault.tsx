import { Alert, Button, Group, Text } from '@mantine/core';
import { useText } from '../language/language';
import { requestIdOf } from './code';
import { sayFault } from './fault';

/** Shows in the place of something that it could not be read, and offers to try again. */
export function Fault({ error, retry }: { error: unknown; retry: () => void }) {
  const text = useText();
  const requestId = requestIdOf(error);
  return (
    <Alert color="red" variant="light" m="md" title={text(sayFault(error))}>
      <Group justify="space-between">
        <Button size="xs" variant="default" onClick={retry}>
          {text('error.retry')}
        </Button>
        {requestId !== undefined && (
          <Text size="xs" c="dimmed">
            {text('error.request', { id: requestId })}
          </Text>
        )}
      </Group>
    </Alert>
  );
}
