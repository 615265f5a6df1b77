import { beforeEach, describe, expect, it } from 'vitest';
import { createCache } from '../apollo/cache';
import { RETRY_DELIVERY } from './acts';
import { begunAnew, type Delivery } from './delivery';
import { laterDelivery } from './policies';

const sent = { state: 'SENT', at: '2026-03-01T12:00:00.000Z' };
const read = { state: 'READ', at: '2026-03-01T12:00:05.000Z' };

it('keeps the later state of a delivery, whichever comes last', () => {
  expect(laterDelivery(undefined, sent)).toBe(sent);
  expect(laterDelivery(sent, read)).toBe(read);
  expect(laterDelivery(read, sent)).toBe(read);
});

it('keeps what follows of two states at the same time', () => {
  const pending = { ...sent, state: 'PENDING' };
  const failed = { ...sent, state: 'FAILED' };
  expect(laterDelivery(sent, pending)).toBe(sent);
  expect(laterDelivery(pending, sent)).toBe(sent);
  expect(laterDelivery(pending, failed)).toBe(failed);
  expect(laterDelivery(failed, pending)).toBe(failed);
});

it('takes what the service says of a message that has no delivery', () => {
  expect(laterDelivery(null, sent)).toBe(sent);
  expect(laterDelivery(sent, null)).toBe(null);
});

describe('a message in the cache', () => {
  const at = (seconds: number) => `2026-03-01T12:00:${String(seconds).padStart(2, '0')}.000Z`;
  const delivery = (state: Delivery['state'], seconds: number): Delivery => ({
    __typename: 'Delivery',
    state,
    at: at(seconds),
    error: null,
  });
  const failed: Delivery = {
    ...delivery('FAILED', 5),
    error: {
      __typename: 'DeliveryError',
      code: 'UNAVAILABLE',
      message: 'No answer.',
      isRetryable: true,
    },
  };
  let cache: ReturnType<typeof createCache>;
  const answer = (given: Delivery) => ({
    retryDelivery: {
      __typename: 'RetryDeliveryPayload' as const,
      message: { __typename: 'Message' as const, id: 'm', delivery: given },
      userErrors: [],
    },
  });
  const write = (given: Delivery) => {
    cache.write({ query: RETRY_DELIVERY, dataId: 'ROOT_MUTATION', result: answer(given) });
  };
  const state = (optimistic = true) =>
    (cache.extract(optimistic)['Message:m']?.delivery as Delivery | undefined)?.state;

  beforeEach(() => {
    cache = createCache();
  });

  it('shows a push of the same message, and no answer that it has overtaken', () => {
    write(delivery('PENDING', 1));
    write(delivery('READ', 3));
    expect(state()).toBe('READ');
    write(delivery('SENT', 2));
    expect(state()).toBe('READ');
  });

  it('shows a failure, and what was begun anew after it, but nothing from before it', () => {
    write(failed);
    write(delivery('SENT', 4));
    expect(state()).toBe('FAILED');
    write(delivery('PENDING', 6));
    expect(state()).toBe('PENDING');
    write(failed);
    expect(state()).toBe('PENDING');
  });

  it('shows what is begun anew at once, and the failure again when the service refuses', () => {
    write(failed);
    const begin = () => {
      // The clock of this machine is behind.
      write(begunAnew(failed, Date.parse(at(1))));
    };
    cache.recordOptimisticTransaction(begin, 'retry');
    expect(state()).toBe('PENDING');
    cache.removeOptimistic('retry');
    expect(state()).toBe('FAILED');
  });

  it('lets a push during the attempt stand when the answer comes', () => {
    write(failed);
    cache.recordOptimisticTransaction(() => {
      write(begunAnew(failed, Date.parse(at(6))));
    }, 'retry');
    write(delivery('SENT', 8));
    write(delivery('PENDING', 7));
    cache.removeOptimistic('retry');
    expect(state()).toBe('SENT');
  });
});
