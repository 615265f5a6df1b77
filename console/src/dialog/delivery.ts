import type { Entry_MessageFragment as Entry } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';

export type Delivery = NonNullable<Entry['delivery']>;
export type DeliveryError = NonNullable<Delivery['error']>;

/** The conditions for beginning a delivery anew, beside its failure. */
export interface RetryChance {
  /** True if the viewer is the operator of the session or a supervisor. */
  isAllowed: boolean;
  isOnline: boolean;
  /** True if the channel takes answers. */
  hasWayOut: boolean;
  /** True if the messenger takes no answer before the client writes again. */
  isLate: boolean;
}

const REASONS: Partial<Record<string, MessageKey>> = {
  RECIPIENT_UNREACHABLE: 'dialog.unreachable',
  REPLY_WINDOW_CLOSED: 'dialog.windowClosed',
  TOO_LONG: 'dialog.tooLong',
  REJECTED: 'dialog.rejected',
  CHANNEL_DISABLED: 'dialog.channelDisabled',
  UNAUTHORIZED: 'dialog.unauthorized',
  UNAVAILABLE: 'dialog.unavailable',
};

/** Returns the page's words for a failure, or `undefined` for a code that it does not know. */
function reasonOf(error: DeliveryError, isLate: boolean): MessageKey | undefined {
  if (error.code === 'REPLY_WINDOW_CLOSED' && isLate) return 'dialog.windowClosedWait';
  return Object.hasOwn(REASONS, error.code) ? REASONS[error.code] : undefined;
}

/** The words for a failed delivery. */
export interface Failure {
  /** The page's words; without any there is the detail alone. */
  reason: MessageKey | undefined;
  /** The service's words, which may be those of the messenger. */
  detail: string | undefined;
}

/** Returns the words for a failed delivery. */
export function sayFailure(error: Delivery['error'], isLate: boolean): Failure {
  if (!error) return { reason: undefined, detail: undefined };
  const detail = error.message.trim();
  return { reason: reasonOf(error, isLate), detail: detail === '' ? undefined : detail };
}

/** Tells whether another attempt can be offered: it is of use, and the viewer may ask for it. */
export function canRetry({ state, error }: Delivery, chance: RetryChance): boolean {
  return (
    state === 'FAILED' &&
    error?.isRetryable === true &&
    chance.isAllowed &&
    chance.hasWayOut &&
    !chance.isLate
  );
}

/** The delivery as it is as soon as it is begun anew: later than its failure, on every clock. */
export function begunAnew(failed: Delivery, now: number): Delivery {
  const at = new Date(Math.max(now, Date.parse(failed.at) + 1)).toISOString();
  return { __typename: 'Delivery', state: 'PENDING', at, error: null };
}

/** Returns the entries whose delivery failed since an earlier look; what came by scrolling is none. */
export function newlyFailed(before: readonly Entry[], entries: readonly Entry[]): Entry[] {
  const states = new Map(before.map(({ id, delivery }) => [id, delivery?.state]));
  return entries.filter(
    ({ id, delivery }) =>
      delivery?.state === 'FAILED' && states.has(id) && states.get(id) !== 'FAILED',
  );
}
