import { Button, Group, TextInput } from '@mantine/core';
import { useRef, useState, type SubmitEvent } from 'react';

interface Props {
  label: string;
  button: string;
  /** Resolves with true when it was made. The key is the same for each try of one name. */
  create: (name: string, key: string) => Promise<boolean>;
}

const LONGEST = 200;

/** A field for a name, and a button that makes something with it: once, however often it is pressed. */
export function NewName({ label, button, create }: Props) {
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const isDone = await create(name.trim(), key.current).finally(() => {
      setBusy(false);
    });
    if (!isDone) return;
    key.current = crypto.randomUUID();
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
            key.current = crypto.randomUUID();
          }}
        />
        <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
          {button}
        </Button>
      </Group>
    </form>
  );
}
