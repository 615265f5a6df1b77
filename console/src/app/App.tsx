import { MantineProvider, mergeThemeOverrides, Modal, Notification } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { Desk } from '../desk/Desk';
import { useText } from '../language/language';
import { LanguageProvider } from '../language/LanguageProvider';
import { SignInGate } from '../sign-in/SignInGate';
import { cssVariablesResolver, theme } from '../theme/theme';
import { ErrorBoundary } from './ErrorBoundary';
import { ServiceProvider } from './ServiceProvider';

/** The page, from the outside in: how it looks and speaks, who is there, and the desk. */
export function App() {
  return (
    <LanguageProvider>
      <Look>
        <ErrorBoundary>
          <SignInGate>
            {({ config, identity, onSignedOut }) => (
              <ServiceProvider config={config} identity={identity} onSignedOut={onSignedOut}>
                <Desk />
              </ServiceProvider>
            )}
          </SignInGate>
        </ErrorBoundary>
      </Look>
    </LanguageProvider>
  );
}

/** Gives everything its look, and the button that closes a dialog its name. */
function Look({ children }: { children: ReactNode }) {
  const text = useText();
  const close = text('app.dismiss');
  const named = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: {
          Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': close } } }),
          Notification: Notification.extend({
            defaultProps: { closeButtonProps: { 'aria-label': close } },
          }),
        },
      }),
    [close],
  );
  return (
    <MantineProvider
      theme={named}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
    >
      {children}
    </MantineProvider>
  );
}
