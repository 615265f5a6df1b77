import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useText } from '../language/language';
import type { Oidc } from './oidc';
import { SignInPage } from './SignInPage';

/** Signing in with the tenant's identity provider. */
export function OidcSignIn({ provider }: { provider: Oidc }) {
  const text = useText();
  const [leaving, setLeaving] = useState(false);
  const signIn = async () => {
    setLeaving(true);
    try {
      await provider.start();
    } catch {
      notifications.show({ color: 'red', message: text('signIn.failed') });
      setLeaving(false);
    }
  };
  return (
    <SignInPage>
      <Button onClick={signIn} loading={leaving}>
        {text('signIn.start')}
      </Button>
    </SignInPage>
  );
}
