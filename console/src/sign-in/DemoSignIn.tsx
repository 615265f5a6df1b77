import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Fault } from '../error/Fault';
import { useText } from '../language/language';
import { demoPeople, signInAs, type DemoPerson } from './demo';
import type { Identity } from './identity';
import { SignInPage } from './SignInPage';
import { useAsync } from './useAsync';

/** Signing in on the local run: one chooses who to be. */
export function DemoSignIn({ onSignedIn }: { onSignedIn: (identity: Identity) => void }) {
  const text = useText();
  const [people, again] = useAsync(demoPeople);
  return (
    <SignInPage>
      <Text c="dimmed">{text('signIn.demo')}</Text>
      {people.is === 'pending' && <Skeleton h={200} />}
      {people.is === 'failed' && <Fault error={people.error} retry={again} />}
      {people.is === 'done' && <People people={people.value} onSignedIn={onSignedIn} />}
    </SignInPage>
  );
}

interface PeopleProps {
  people: DemoPerson[];
  onSignedIn: (identity: Identity) => void;
}

function People({ people, onSignedIn }: PeopleProps) {
  const text = useText();
  const [chosen, setChosen] = useState<string>();
  const signIn = async (as: string) => {
    setChosen(as);
    try {
      onSignedIn(await signInAs(as));
    } catch {
      notifications.show({ color: 'red', message: text('signIn.failed') });
      setChosen(undefined);
    }
  };
  return (
    <Stack gap="xs">
      {people.map(({ as, name, description }) => (
        <Button
          key={as}
          variant="default"
          justify="flex-start"
          h="auto"
          py={6}
          loading={chosen === as}
          disabled={chosen !== undefined}
          onClick={() => signIn(as)}
        >
          <Stack gap={0} align="flex-start">
            <Text fw={600} size="sm">
              {name}
            </Text>
            <Text size="xs" c="dimmed">
              {description}
            </Text>
          </Stack>
        </Button>
      ))}
    </Stack>
  );
}
