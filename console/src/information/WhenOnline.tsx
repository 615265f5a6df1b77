import { Popover, Stack, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { GoOnline } from '../composer/GoOnline';
import { useText } from '../language/language';

interface Props {
  isOnline: boolean;
  /** The action for an online operator. */
  run: () => void;
  /** The button; it gets what a click on it does. */
  children: (begin: () => void) => ReactElement;
}

/** Says to who is offline, before anything is asked of them, that one has to be online for it. */
export function WhenOnline({ isOnline, run, children }: Props) {
  const text = useText();
  const [isAsking, setAsking] = useState(false);
  const stop = () => {
    setAsking(false);
  };
  const begin = () => {
    if (isOnline) run();
    else setAsking(true);
  };
  return (
    <Popover
      opened={isAsking && !isOnline}
      onChange={setAsking}
      position="bottom-end"
      width={260}
      shadow="md"
      trapFocus
      returnFocus
      withArrow
    >
      <Popover.Target>{children(begin)}</Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{text('error.offline')}</Text>
          <GoOnline
            onDone={() => {
              stop();
              run();
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
