import { Button, Group, Modal, Text } from '@mantine/core';
import { useText } from '../language/language';

interface Props {
  opened: boolean;
  title: string;
  /** The consequences of the act, in a sentence. */
  hint: string;
  /** The name of the act. */
  act: string;
  isBusy?: boolean;
  run: () => void;
  close: () => void;
}

/** Shows the consequences of a dangerous act, and asks for confirmation. */
export function Confirm({ opened, title, hint, act, isBusy = false, run, close }: Props) {
  const text = useText();
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <Text size="sm" mb="md">
        {hint}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {text('dialog.cancel')}
        </Button>
        <Button color="red" data-autofocus loading={isBusy} onClick={run}>
          {act}
        </Button>
      </Group>
    </Modal>
  );
}
