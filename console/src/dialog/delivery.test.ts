import { expect, it } from 'vitest';
import type { DeliveryErrorCode } from '../generated/graphql';
import {
  begunAnew,
  canRetry,
  newlyFailed,
  sayFailure,
  type Delivery,
  type DeliveryError,
} from './delivery';
import type { Entry } from './rows';

const error: DeliveryError = {
  __typename: 'DeliveryError',
  code: 'UNAVAILABLE',
  message: 'No answer in 10 s.',
  isRetryable: true,
};
const failed: Delivery = {
  __typename: 'Delivery',
  state: 'FAILED',
  at: '2026-03-01T12:00:00.000Z',
  error,
};
const chance = { isAllowed: true, isOnline: true, hasWayOut: true, isLate: false };

it('says the reason in words of the page, with the words of the service as detail', () => {
  expect(sayFailure(error, false)).toEqual({
    reason: 'dialog.unavailable',
    detail: 'No answer in 10 s.',
  });
  expect(sayFailure({ ...error, message: ' ' }, false).detail).toBeUndefined();
});

it('has words for every code, and none for one that it does not know', () => {
  const codes: Record<DeliveryErrorCode, true> = {
    CHANNEL_DISABLED: true,
    RECIPIENT_UNREACHABLE: true,
    REJECTED: true,
    REPLY_WINDOW_CLOSED: true,
    TOO_LONG: true,
    UNAUTHORIZED: true,
    UNAVAILABLE: true,
  };
  const reasons = (Object.keys(codes) as DeliveryErrorCode[]).map(
    (code) => sayFailure({ ...error, code }, false).reason,
  );
  expect(new Set(reasons).size).toBe(7);
  expect(reasons).not.toContain(undefined);
  const unknown = { ...error, code: 'TIRED' as DeliveryErrorCode };
  expect(sayFailure(unknown, false)).toEqual({ reason: undefined, detail: error.message });
});

it('says that the client has to write first, as long as they have to', () => {
  const closed: DeliveryError = { ...error, code: 'REPLY_WINDOW_CLOSED' };
  expect(sayFailure(closed, true).reason).toBe('dialog.windowClosedWait');
  expect(sayFailure(closed, false).reason).toBe('dialog.windowClosed');
});

it('offers another attempt only where it is of use, and to who may ask for it', () => {
  expect(canRetry(failed, chance)).toBe(true);
  expect(canRetry(failed, { ...chance, isOnline: false })).toBe(true);
  expect(canRetry(failed, { ...chance, isAllowed: false })).toBe(false);
  expect(canRetry(failed, { ...chance, hasWayOut: false })).toBe(false);
  expect(canRetry(failed, { ...chance, isLate: true })).toBe(false);
  expect(canRetry({ ...failed, error: { ...error, isRetryable: false } }, chance)).toBe(false);
  expect(canRetry({ ...failed, state: 'SENT', error: null }, chance)).toBe(false);
});

it('begins anew after the failure, also where the clocks differ', () => {
  const late = begunAnew(failed, Date.parse('2026-03-01T12:30:00Z'));
  expect(late).toMatchObject({ state: 'PENDING', at: '2026-03-01T12:30:00.000Z', error: null });
  const early = begunAnew(failed, Date.parse('2026-03-01T11:00:00Z'));
  expect(early.at).toBe('2026-03-01T12:00:00.001Z');
});

it('finds what has failed since, and nothing that was not known or had failed before', () => {
  const entry = (id: string, delivery: Delivery | null) => ({ id, delivery }) as Entry;
  const pending: Delivery = { ...failed, state: 'PENDING', error: null };
  const before = [entry('1', failed), entry('2', pending), entry('3', pending)];
  const now = [entry('0', failed), entry('1', failed), entry('2', failed), entry('3', pending)];
  expect(newlyFailed(before, now).map(({ id }) => id)).toEqual(['2']);
});
