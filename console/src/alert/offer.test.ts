import { expect, it, vi } from 'vitest';
import { DesktopOffer, type Circumstances } from './offer';

function place() {
  let value: string | null = null;
  return {
    getItem: () => value,
    setItem: (_: string, next: string) => {
      value = next;
    },
  };
}
const now = (change: Partial<Circumstances> = {}): Circumstances => ({
  isOnline: true,
  hasMissed: false,
  isLookedAt: true,
  isOpen: true,
  ...change,
});
function isMade(circumstances: Circumstances, there = place()): boolean {
  const offer = new DesktopOffer(there);
  offer.consider(circumstances);
  return offer.get();
}

it('is made to an operator who is online, or who missed an alert', () => {
  expect(isMade(now())).toBe(true);
  expect(isMade(now({ isOnline: false, hasMissed: true }))).toBe(true);
  expect(isMade(now({ isOnline: false }))).toBe(false);
});

it('waits until somebody looks', () => {
  const offer = new DesktopOffer(place());
  offer.consider(now({ isLookedAt: false }));
  expect(offer.get()).toBe(false);
  offer.consider(now());
  expect(offer.get()).toBe(true);
});

it('is not made where the browser has an answer, or they are wanted already', () => {
  expect(isMade(now({ isOpen: false }))).toBe(false);
});

it('is made once in a browser, whatever was answered', () => {
  const there = place();
  const offer = new DesktopOffer(there);
  const listener = vi.fn();
  offer.subscribe(listener);
  offer.consider(now());
  expect(isMade(now(), there)).toBe(false);
  // It stays until it is answered.
  offer.consider(now());
  expect(offer.get()).toBe(true);
  offer.close();
  offer.consider(now());
  expect(offer.get()).toBe(false);
  expect(listener).toHaveBeenCalledTimes(2);
});

it('is not made where it cannot be remembered', () => {
  const forbid = () => {
    throw new Error('no storage');
  };
  const none = () => null;
  expect(isMade(now(), { getItem: forbid, setItem: forbid })).toBe(false);
  expect(isMade(now(), { getItem: none, setItem: forbid })).toBe(false);
});
