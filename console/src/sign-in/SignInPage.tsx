import { Center, Paper, Stack, Title } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { useText } from '../language/language';

/** The frame of both ways to sign in. */
export function SignInPage({ children }: { children: ReactNode }) {
  const text = useText();
  return (
    <Center component="main" mih="100%" p="md">
      <Notifications position="top-center" />
      <Paper
        withBorder
        p="xl"
        w="100%"
        maw={440}
        mah="calc(100vh - 32px)"
        style={{ overflow: 'auto' }}
      >
        <Stack>
          <Title order={1} size="h3">
            {text('signIn.title')}
          </Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
