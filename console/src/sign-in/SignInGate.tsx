import { Center, Loader } from '@mantine/core';
import { useCallback, useState, type ReactNode } from 'react';
import { loadConfig, type Config } from '../app/config';
import { Fault } from '../error/Fault';
import { useText } from '../language/language';
import { restoreDemo } from './demo';
import { DemoSignIn } from './DemoSignIn';
import type { Identity } from './identity';
import type { Oidc } from './oidc';
import { OidcSignIn } from './OidcSignIn';
import { useAsync } from './useAsync';

export interface SignedIn {
  config: Config;
  identity: Identity;
  onSignedOut: () => void;
}

/** The state before anybody signs in, with the person who did on this tab before. */
interface Start {
  config: Config;
  oidc?: Oidc;
  identity?: Identity | undefined;
}

async function start(): Promise<Start> {
  const config = await loadConfig();
  if (config.signIn === 'demo') return { config, identity: restoreDemo() };
  // It is not needed where one signs in otherwise.
  const { oidc } = await import('./oidc');
  const provider = oidc(config);
  return { config, oidc: provider, identity: await provider.restore() };
}

// The answer of an identity provider can be taken once only, also when React starts things twice.
let started: Promise<Start> | undefined;

function startOnce(): Promise<Start> {
  started ??= start().catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

/** Lets nobody through who has not signed in. */
export function SignInGate({ children }: { children: (signedIn: SignedIn) => ReactNode }) {
  const [state, again] = useAsync(startOnce);
  switch (state.is) {
    case 'pending':
      return <Waiting />;
    case 'failed':
      return <Fault error={state.error} retry={again} />;
    case 'done':
      return <Gate start={state.value}>{children}</Gate>;
  }
}

function Gate({ start, children }: { start: Start; children: (signedIn: SignedIn) => ReactNode }) {
  const { config, oidc } = start;
  const [identity, setIdentity] = useState(start.identity);
  const onSignedOut = useCallback(() => {
    setIdentity(undefined);
  }, []);
  if (identity !== undefined) return children({ config, identity, onSignedOut });
  return oidc === undefined ? (
    <DemoSignIn onSignedIn={setIdentity} />
  ) : (
    <OidcSignIn provider={oidc} />
  );
}

function Waiting() {
  const text = useText();
  return (
    <Center h="100%">
      <Loader aria-label={text('app.loading')} />
    </Center>
  );
}
