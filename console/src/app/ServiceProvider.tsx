import { ApolloProvider } from '@apollo/client/react';
import { useMemo, useState, type ReactNode } from 'react';
import { createService } from '../apollo/client';
import type { Config } from '../app/config';
import { SignedOut, type Identity } from '../sign-in/identity';
import { ServiceContext } from './service';

interface Props {
  config: Config;
  identity: Identity;
  onSignedOut: () => void;
  children: ReactNode;
}

/**
 * Gives the page its connection to the service. Whoever signs in next gets another. It needs no
 * closing: the socket closes with the last feed.
 */
export function ServiceProvider({ config, identity, onSignedOut, children }: Props) {
  const [service] = useState(() => createService(config, watched(identity, onSignedOut)));
  const context = useMemo(
    () => ({
      connection: service.connection,
      config,
      signOut: async () => {
        await identity.signOut();
        onSignedOut();
      },
    }),
    [service, config, identity, onSignedOut],
  );
  return (
    <ServiceContext value={context}>
      <ApolloProvider client={service.client}>{children}</ApolloProvider>
    </ServiceContext>
  );
}

/** Goes back to signing in when there is no other way to a token. */
function watched(identity: Identity, onSignedOut: () => void): Identity {
  const watch = async (token: Promise<string>) => {
    try {
      return await token;
    } catch (error) {
      if (error instanceof SignedOut) onSignedOut();
      throw error;
    }
  };
  return {
    token: () => watch(identity.token()),
    renew: () => watch(identity.renew()),
    signOut: () => identity.signOut(),
  };
}
