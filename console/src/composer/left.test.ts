import { describe, expect, it } from 'vitest';
import { keeperIn, leftIn } from './left';
import type { Outgoing } from './outbox';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;

function place() {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

const waiting = (id: string, minutesAgo = 0): Outgoing => ({
  id,
  sessionId: 'one',
  isNote: false,
  text: id,
  at: new Date(NOW - minutesAgo * MINUTE).toISOString(),
  state: { kind: 'waiting', said: { key: 'error.network' } },
});

const nobody = () => false;

describe('what a page left behind', () => {
  it('is found by the next one of the same person, oldest first, until it is sent', () => {
    const there = place();
    const keeper = keeperIn(there, 'ann', 'page');
    keeper.put(waiting('b', 1));
    keeper.put(waiting('a', 2));
    const ids = (personId: string) => leftIn(there, personId, nobody, NOW).map(({ id }) => id);
    expect(ids('ann')).toEqual(['a', 'b']);
    expect(ids('bob')).toEqual([]);
    keeper.drop('a');
    expect(ids('ann')).toEqual(['b']);
  });

  it('is left to the page that it is of, as long as that is there', () => {
    const there = place();
    keeperIn(there, 'ann', 'first').put(waiting('a'));
    keeperIn(there, 'ann', 'second').put(waiting('b'));
    const left = leftIn(there, 'ann', (pageId) => pageId === 'first', NOW);
    expect(left.map(({ id }) => id)).toEqual(['b']);
  });

  it('is sent while it is fresh, and later only when somebody says so', () => {
    const there = place();
    const keeper = keeperIn(there, 'ann', 'page');
    keeper.put(waiting('old', 11));
    keeper.put(waiting('new', 9));
    expect(leftIn(there, 'ann', nobody, NOW).map(({ state }) => state)).toEqual([
      { kind: 'failed', said: { key: 'composer.left' } },
      { kind: 'sending' },
    ]);
  });

  it('is nothing where it cannot be understood', () => {
    const there = place();
    const whole = { ...waiting('a'), pageId: 'page' };
    const wrong = [
      '{',
      '[]',
      '1',
      '{"id":2}',
      JSON.stringify({ ...whole, state: { kind: 'failed' } }),
      JSON.stringify({ ...whole, quote: {} }),
    ];
    wrong.forEach((kept, index) => there.kept.set(`chatdesk.outgoing:ann ${index}`, kept));
    expect(leftIn(there, 'ann', nobody, NOW)).toEqual([]);
  });
});
