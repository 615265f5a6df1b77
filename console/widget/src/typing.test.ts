import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Typing } from './typing';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('somebody counts as typing for six seconds, whatever the clock of this machine says', () => {
  const wrongBy = [-3 * 3_600_000, 0, 3 * 3_600_000];
  for (const wrong of wrongBy) {
    const shown: (string | null)[] = [];
    const typing = new Typing({ execute: vi.fn() }, (typist) => shown.push(typist));
    let next: (data: unknown) => void = () => undefined;
    const live = {
      follow: vi.fn((_document, _variables, listener: { next: (data: unknown) => void }) => {
        next = listener.next;
        return () => undefined;
      }),
    };
    typing.follow(live);
    const until = new Date(Date.now() + wrong + 6_000).toISOString();
    next({ conversationTyping: { name: 'Ann', until } });
    vi.advanceTimersByTime(5_900);
    expect(shown).toEqual(['Ann']);
    vi.advanceTimersByTime(200);
    expect(shown).toEqual(['Ann', null]);
    typing.stop();
  }
});
