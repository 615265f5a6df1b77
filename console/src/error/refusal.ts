import type { UserErrorCode } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';
import type { TextValues } from '../language/language';

/** The refusal of a mutation. */
export interface Refusal {
  code: UserErrorCode;
  message: string;
  field?: readonly string[] | null;
}

export interface Said {
  key: MessageKey;
  values?: TextValues;
}

const BY_CODE: Partial<Record<string, MessageKey>> = {
  INVALID: 'error.invalid',
  NOT_FOUND: 'error.notFound',
  FORBIDDEN: 'error.forbidden',
  SESSION_CLOSED: 'error.sessionClosed',
  NOT_ASSIGNED: 'error.notAssigned',
  INTERNAL_CLIENT: 'error.internalClient',
  NOT_AN_OPERATOR: 'error.notAnOperator',
  UNSEEN_MESSAGE: 'error.unseenMessage',
  CANNOT_DELIVER: 'error.cannotDeliver',
  REPLY_WINDOW_CLOSED: 'error.replyWindowClosed',
  KEY_REUSED: 'error.keyReused',
  LIMIT: 'error.limit',
};

/** Returns the text for a refusal. An unknown code is shown with the service's words. */
export function sayRefusal(refusal: Refusal, claimedBy?: { name: string } | null): Said {
  const values = { message: refusal.message };
  switch (refusal.code) {
    case 'ALREADY_CLAIMED':
      return claimedBy
        ? { key: 'error.claimedBy', values: { name: claimedBy.name } }
        : { key: 'error.claimed' };
    case 'OPERATOR_OFFLINE':
      return { key: refusal.field?.length ? 'error.assigneeOffline' : 'error.offline' };
    default:
      return { key: BY_CODE[refusal.code] ?? 'error.unknown', values };
  }
}
