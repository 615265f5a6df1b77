import { Button, Group, TextInput } from '@mantine/core';
import { copy } from '../dialog/copy';
import { useText } from '../language/language';

/** Shows a text that cannot be changed, and a button that copies it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const text = useText();
  return (
    <Group align="flex-end" wrap="nowrap" mt="xs">
      <TextInput label={label} value={value} readOnly dir="ltr" flex={1} />
      <Button variant="default" onClick={() => copy(value)}>
        {text('administration.copy')}
      </Button>
    </Group>
  );
}
