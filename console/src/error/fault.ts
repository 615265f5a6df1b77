import type { MessageKey } from '../language/catalogue';
import { SignedOut } from '../sign-in/identity';
import { codeOf } from './code';

const BY_CODE: Partial<Record<string, MessageKey>> = {
  NETWORK: 'error.network',
  UNAVAILABLE: 'error.unavailable',
  RATE_LIMITED: 'error.rateLimited',
  UNAUTHENTICATED: 'error.signedOut',
  TOKEN_EXPIRED: 'error.signedOut',
  FORBIDDEN: 'error.forbidden',
  BAD_USER_INPUT: 'error.badRequest',
  TOO_COMPLEX: 'error.badRequest',
};

/** Returns the text for a thrown error. A refusal has its own. */
export function sayFault(error: unknown): MessageKey {
  if (error instanceof SignedOut) return 'error.signedOut';
  return BY_CODE[codeOf(error) ?? ''] ?? 'error.fault';
}
