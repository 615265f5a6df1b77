import { expect, it } from 'vitest';
import { knownKind } from './kinds';

it('gives each kind an icon and a name of its own', () => {
  const kinds = ['WEB', 'INTERNAL', 'WEBHOOK', 'TELEGRAM', 'WHATSAPP'].map(knownKind);
  expect(new Set(kinds.map(({ icon }) => icon)).size).toBe(kinds.length);
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
});

it('meets kinds that it does not know', () => {
  const other = { icon: 'bubble', name: 'channel.other' };
  expect(knownKind('PIGEON')).toEqual(other);
  expect(knownKind('constructor')).toEqual(other);
});
