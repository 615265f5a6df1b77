import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { Desk } from '../desk/Desk';
import { LanguageProvider } from '../language/LanguageProvider';
import { SignInGate } from '../sign-in/SignInGate';
import { cssVariablesResolver, theme } from '../theme/theme';
import { ErrorBoundary } from './ErrorBoundary';
import { ServiceProvider } from './ServiceProvider';

/** The page, from the outside in: how it looks and speaks, who is there, and the desk. */
export function App() {
  return (
    <LanguageProvider>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
      >
        <Notifications position="bottom-right" limit={4} />
        <ErrorBoundary>
          <SignInGate>
            {({ config, identity, onSignedOut }) => (
              <ServiceProvider config={config} identity={identity} onSignedOut={onSignedOut}>
                <Desk />
              </ServiceProvider>
            )}
          </SignInGate>
        </ErrorBoundary>
      </MantineProvider>
    </LanguageProvider>
  );
}
