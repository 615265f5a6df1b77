import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import type { OidcSignIn } from '../app/config';
import { clock } from '../clock/clock';
import { isEnding, SignedOut, type Identity } from './identity';

/** Signing in with the tenant's identity provider: the authorisation code flow with PKCE. */
export interface Oidc {
  /**
   * Returns the person who is signed in on this tab, and takes the answer of the provider from the
   * address.
   */
  restore(): Promise<Identity | undefined>;
  /** Leaves the page for the provider's. */
  start(): Promise<void>;
}

export function oidc({ authority, clientId, scope, token }: OidcSignIn): Oidc {
  const manager = new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: `${window.location.origin}/`,
    post_logout_redirect_uri: `${window.location.origin}/`,
    scope,
    automaticSilentRenew: true,
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
  });
  return {
    restore: async () => {
      const user = (await answered(manager)) ?? (await manager.getUser());
      return user === null ? undefined : oidcIdentity(manager, token);
    },
    start: () => manager.signinRedirect({ state: window.location.pathname }),
  };
}

async function answered(manager: UserManager): Promise<User | undefined> {
  const query = new URLSearchParams(window.location.search);
  if (!query.has('state') || !(query.has('code') || query.has('error'))) return undefined;
  try {
    const user = await manager.signinRedirectCallback();
    const back = typeof user.state === 'string' ? user.state : '/';
    window.history.replaceState(null, '', back);
    return user;
  } catch (error) {
    // The address is of no use a second time: whoever loads the page again signs in again.
    window.history.replaceState(null, '', '/');
    throw error;
  }
}

function oidcIdentity(manager: UserManager, kind: OidcSignIn['token']): Identity {
  const shown = (user: User): string => {
    const token = kind === 'id' ? user.id_token : user.access_token;
    // A provider that renews without an ID token has to be asked again.
    if (token === undefined) throw new SignedOut();
    return token;
  };
  const renew = async () => {
    const user = await manager.signinSilent().catch((error: unknown) => {
      // The provider says no; anything else, such as no connection, may pass.
      throw error instanceof ErrorResponse ? new SignedOut() : error;
    });
    if (user === null) throw new SignedOut();
    return shown(user);
  };
  return {
    token: async () => {
      const user = await manager.getUser();
      if (user === null) throw new SignedOut();
      const token = shown(user);
      return isEnding(token, user.expires_at, { service: clock.now(), local: Date.now() })
        ? renew()
        : token;
    },
    renew,
    signOut: async () => {
      if ((await manager.metadataService.getEndSessionEndpoint()) === undefined) {
        // Not every provider takes part in signing out: then it is of this page alone.
        await manager.removeUser();
      } else {
        await manager.signoutRedirect();
      }
    },
  };
}
