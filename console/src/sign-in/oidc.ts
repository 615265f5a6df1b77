import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import type { OidcSignIn } from '../app/config';
import { lapses, SignedOut, type Identity } from './identity';

/** Signing in with the tenant's identity provider: the authorisation code flow with PKCE. */
export interface Oidc {
  /** Who is signed in on this tab, after taking the answer of the provider from the address. */
  restore(): Promise<Identity | undefined>;
  /** Leaves the page for the provider's. */
  start(): Promise<void>;
}

export function oidc({ authority, clientId }: OidcSignIn): Oidc {
  const manager = new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: `${window.location.origin}/`,
    post_logout_redirect_uri: `${window.location.origin}/`,
    scope: 'openid profile offline_access',
    automaticSilentRenew: true,
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
  });
  return {
    restore: async () => {
      const user = (await answered(manager)) ?? (await manager.getUser());
      return user === null ? undefined : oidcIdentity(manager);
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

function oidcIdentity(manager: UserManager): Identity {
  const renew = async () => {
    const user = await manager.signinSilent().catch((error: unknown) => {
      // The provider says no; anything else, such as no connection, may pass.
      throw error instanceof ErrorResponse ? new SignedOut() : error;
    });
    if (user === null) throw new SignedOut();
    return user.access_token;
  };
  return {
    token: async () => {
      const user = await manager.getUser();
      if (user === null) throw new SignedOut();
      const expiresAt = user.expires_at === undefined ? undefined : user.expires_at * 1000;
      return lapses(expiresAt, Date.now()) ? renew() : user.access_token;
    },
    renew,
    signOut: () => manager.signoutRedirect(),
  };
}
