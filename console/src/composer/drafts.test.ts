import { describe, expect, it } from 'vitest';
import {
  afterwards,
  EMPTY,
  isBlank,
  keepDraft,
  MOST_DRAFTS,
  readDraft,
  replying,
  takenBack,
  turnedTo,
  wordsOf,
} from './drafts';
import type { Outgoing } from './outbox';

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

describe('a note and a reply', () => {
  const note = { text: 'He is rude', isNote: true };
  const reply = { text: 'Good morning', isNote: false };
  const quote = { id: 'm', seq: 1, author: 'Zoe', text: 'Where?' };
  const unsent = (text: string, isNote: boolean): Outgoing => ({
    id: text,
    sessionId: 'one',
    isNote,
    text,
    at: '',
    state: { kind: 'failed', said: { key: 'error.fault' } },
  });

  it('are not made of each other by quoting, or by beginning a reply', () => {
    const begun = replying(note, quote);
    expect(begun).toMatchObject({ text: '', isNote: false, quote, aside: { text: 'He is rude' } });
    expect(afterwards(begun)).toMatchObject(note);
    expect(turnedTo(begun, true)).toMatchObject(note);
    expect(replying(reply, quote)).toMatchObject({ ...reply, quote });
    expect(replying({ ...EMPTY, isNote: true })).toMatchObject(EMPTY);
  });

  it('are made of each other by saying so', () => {
    expect(turnedTo(note, false)).toMatchObject({ text: note.text, isNote: false });
    expect(turnedTo(reply, true)).toMatchObject({ text: reply.text, isNote: true });
  });

  it('are followed by a reply', () => {
    expect(afterwards(note)).toEqual(EMPTY);
    expect(afterwards(reply)).toEqual(EMPTY);
  });

  it('come back as what they were', () => {
    expect(takenBack(EMPTY, unsent('n', true))).toMatchObject({ text: 'n', isNote: true });
    expect(takenBack(note, unsent('n', true))).toMatchObject({
      text: 'n\nHe is rude',
      isNote: true,
    });
    const back = takenBack(reply, unsent('n', true));
    expect(back).toMatchObject({ text: 'n', isNote: true, aside: reply });
    expect(takenBack(back, unsent('r', false))).toMatchObject({
      text: 'r\nGood morning',
      isNote: false,
      aside: { text: 'n', isNote: true },
    });
    expect(takenBack({ ...note, aside: reply }, unsent('r', true))).toMatchObject({
      text: 'r\nHe is rude',
      aside: reply,
    });
  });

  it('are both found again', () => {
    const drafts = place();
    keepDraft(drafts, 'ann', 'one', replying(note), 1);
    expect(readDraft(drafts, 'ann', 'one').aside).toMatchObject(note);
  });
});

describe('files of a draft', () => {
  const file = (key: string) => ({ key, name: key, contentType: 'image/png', size: 1 });
  const photo = { ...EMPTY, files: [file('photo')] };

  it('go with what is written, and need no words', () => {
    expect(isBlank(photo)).toBe(false);
    expect(turnedTo(photo, true)).toEqual({ ...photo, isNote: true });
    const note = { text: '', isNote: true, files: [file('inside')] };
    expect(replying(note)).toMatchObject({ isNote: false, aside: note });
    expect(replying(note).files).toBeUndefined();
  });

  it('come back with what was not sent', () => {
    const unsent: Outgoing = {
      id: '1',
      sessionId: 's',
      isNote: false,
      text: 'a',
      files: [file('first')],
      at: '',
      state: { kind: 'sending' },
    };
    const both = takenBack({ ...photo, text: 'b' }, unsent);
    expect(both).toMatchObject({ text: 'a\nb', files: [file('first'), file('photo')] });
  });

  it('are kept, also without words', () => {
    const stored = place();
    keepDraft(stored, 'ann', 'one', photo, 1);
    expect(readDraft(stored, 'ann', 'one')).toMatchObject(photo);
    expect(wordsOf({ ...photo, text: 'Look ' })).toBe('Look\nphoto');
  });
});
