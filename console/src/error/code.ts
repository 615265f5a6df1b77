import { CombinedGraphQLErrors, ServerError } from '@apollo/client';

// Answers that come before the schema is asked. Other ones are the gateway's, and pass.
const BY_STATUS: Partial<Record<number, string>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  413: 'BAD_USER_INPUT',
  422: 'BAD_USER_INPUT',
  429: 'RATE_LIMITED',
};

/**
 * The code of a fault: what the service says (`UNAVAILABLE`, `RATE_LIMITED`, `RESYNC`, ...), or
 * `NETWORK` for what never reached it.
 */
export function codeOf(error: unknown): string | undefined {
  if (CombinedGraphQLErrors.is(error)) {
    const code = error.errors[0]?.extensions?.code;
    return typeof code === 'string' ? code : undefined;
  }
  if (ServerError.is(error)) return BY_STATUS[error.statusCode] ?? 'UNAVAILABLE';
  // `fetch` throws a `TypeError` when it cannot connect.
  return error instanceof TypeError ? 'NETWORK' : undefined;
}

/** Returns the request id of a fault, for the people who run the service. */
export function requestIdOf(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const id = error.errors[0]?.extensions?.requestId;
  return typeof id === 'string' ? id : undefined;
}
