/** The content of `/config.json`: the way to sign in, and the addresses of the service. */
export type Config = Endpoints & (DemoSignIn | OidcSignIn);

interface Endpoints {
  httpUrl: string;
  /** With the scheme `ws` or `wss`. */
  socketUrl: string;
  /** The address that gives out tickets, if sockets require one. */
  ticketUrl: string | undefined;
}

interface DemoSignIn {
  signIn: 'demo';
}

export interface OidcSignIn {
  signIn: 'oidc';
  authority: string;
  clientId: string;
  /** The scope for the provider. Amazon Cognito refuses `offline_access`, and needs none. */
  scope: string;
  /** The token to send to the service. Cognito's access tokens name nobody, its ID tokens do. */
  token: 'access' | 'id';
}

/** Reads the configuration that stands beside the page. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return parseConfig(await response.json(), window.location.href);
}

/** Checks a configuration, and makes its addresses absolute. */
export function parseConfig(value: unknown, base: string): Config {
  const text = (name: string): string => {
    const found = isRecord(value) ? value[name] : undefined;
    if (typeof found !== 'string' || found === '') throw new Error(`/config.json: no "${name}"`);
    return found;
  };
  const given = (name: string, otherwise: string): string =>
    isRecord(value) && value[name] !== undefined ? text(name) : otherwise;
  const isSet = (name: string): boolean => isRecord(value) && value[name] === true;
  const oneOf = <T extends string>(name: string, choices: readonly [T, ...T[]]): T => {
    const chosen = given(name, choices[0]);
    const found = choices.find((choice) => choice === chosen);
    if (found === undefined) throw new Error(`/config.json: unknown "${name}": ${chosen}`);
    return found;
  };
  const endpoints = {
    httpUrl: new URL(text('httpUrl'), base).href,
    socketUrl: new URL(text('socketUrl'), base).href.replace(/^http/, 'ws'),
    ticketUrl: isSet('needsSocketTicket')
      ? new URL('socket/ticket', new URL(text('httpUrl'), base)).href
      : undefined,
  };
  const signIn = text('signIn');
  switch (signIn) {
    case 'demo':
      return { ...endpoints, signIn };
    case 'oidc':
      return {
        ...endpoints,
        signIn,
        authority: text('authority'),
        clientId: text('clientId'),
        scope: given('scope', 'openid profile offline_access'),
        token: oneOf('token', ['access', 'id']),
      };
    default:
      throw new Error(`/config.json: unknown "signIn": ${signIn}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
