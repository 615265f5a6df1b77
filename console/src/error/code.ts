import { CombinedGraphQLErrors, ServerError } from '@apollo/client';

/**
 * The code of a fault: what the service says (`UNAVAILABLE`, `RATE_LIMITED`, `RESYNC`, ...), or
 * `NETWORK` for what never reached it.
 */
export function codeOf(error: unknown): string | undefined {
  if (CombinedGraphQLErrors.is(error)) {
    const code = error.errors[0]?.extensions?.code;
    return typeof code === 'string' ? code : undefined;
  }
  if (ServerError.is(error)) return error.statusCode === 401 ? 'UNAUTHENTICATED' : 'UNAVAILABLE';
  // What `fetch` throws when it cannot connect.
  return error instanceof TypeError ? 'NETWORK' : undefined;
}

/** What to quote to whoever runs the service, of a fault that it reported. */
export function requestIdOf(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const id = error.errors[0]?.extensions?.requestId;
  return typeof id === 'string' ? id : undefined;
}
