import { ApolloLink } from '@apollo/client';

/**
 * A value with all its texts whole. Half an emoji, which a cut or a paste leaves behind, is no
 * character: the service could not read the request, however often it came.
 */
export function wellFormed<T>(value: T): T {
  return mended(value) as T;
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mended(one)]));
}

/** Mends whatever goes out: messages, notes, names, comments, what is searched for. */
export function mending(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    operation.variables = wellFormed(operation.variables);
    return forward(operation);
  });
}
