import { expect, it } from 'vitest';
import { laterDelivery } from './policies';

const sent = { state: 'SENT', at: '2026-03-01T12:00:00.000Z' };
const read = { state: 'READ', at: '2026-03-01T12:00:05.000Z' };

it('keeps the later state of a delivery, whichever comes last', () => {
  expect(laterDelivery(undefined, sent)).toBe(sent);
  expect(laterDelivery(sent, read)).toBe(read);
  expect(laterDelivery(read, sent)).toBe(read);
});

it('takes what the service says of a message that has no delivery', () => {
  expect(laterDelivery(null, sent)).toBe(sent);
  expect(laterDelivery(sent, null)).toBe(null);
});
