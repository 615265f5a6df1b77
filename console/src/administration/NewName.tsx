import { Button, Group, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useIdempotencyKey } from './useIdempotencyKey';

interface Props {
  label: string;
  button: string;
  /** Creates something under an idempotency key. Resolves with true on success. */
  create: (name: string, key: string) => Promise<boolean>;
}

const LONGEST = 200;

/** Shows a field for a name and a button that creates something: once, however often it is pressed. */
export function NewName({ label, button, create }: Props) {
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const key = useIdempotencyKey();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const isDone = await create(name.trim(), key.get()).finally(() => {
      setBusy(false);
    });
    if (!isDone) return;
    key.renew();
    setName('');
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          label={label}
          value={name}
          maxLength={LONGEST}
          dir="auto"
          flex={1}
          onChange={(event) => {
            setName(event.currentTarget.value);
            key.renew();
          }}
        />
        <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
          {button}
        </Button>
      </Group>
    </form>
  );
}
