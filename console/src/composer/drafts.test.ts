import { describe, expect, it } from 'vitest';
import { EMPTY, keepDraft, MOST_DRAFTS, readDraft } from './drafts';

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

const draft = { text: 'Hello', isNote: true, quote: undefined };

describe('a draft', () => {
  it('is found again, by its person in its session only', () => {
    const drafts = place();
    keepDraft(drafts, 'ann', 'one', draft, 1);
    expect(readDraft(drafts, 'ann', 'one')).toEqual(draft);
    expect(readDraft(drafts, 'bob', 'one')).toEqual(EMPTY);
    expect(readDraft(drafts, 'ann', 'two')).toEqual(EMPTY);
  });

  it('is gone when nothing is written any more', () => {
    const drafts = place();
    keepDraft(drafts, 'ann', 'one', draft, 1);
    keepDraft(drafts, 'ann', 'one', { ...draft, text: ' \n' }, 2);
    expect(drafts.kept.size).toBe(0);
  });

  it('goes when there are too many newer ones', () => {
    const drafts = place();
    for (let count = 0; count <= MOST_DRAFTS; count += 1) {
      keepDraft(drafts, 'ann', `${count}`, draft, count);
    }
    expect(drafts.kept.size).toBe(MOST_DRAFTS);
    expect(readDraft(drafts, 'ann', '0')).toEqual(EMPTY);
    expect(readDraft(drafts, 'ann', `${MOST_DRAFTS}`)).toEqual(draft);
  });

  it('that cannot be read is none', () => {
    const drafts = place();
    for (const kept of ['{', '1', '{"text":1}', '{"text":"a","isNote":true,"quote":{}}']) {
      drafts.kept.set('chatdesk.draft:ann one', kept);
      expect(readDraft(drafts, 'ann', 'one')).toEqual(EMPTY);
    }
  });
});
