import { describe, expect, test } from 'vitest';
import { append, extend, lastSeq, meets, NOTHING, prepend, unreadCount } from './dialog';
import { Conversation, entries, entry } from './testing/conversation';

const seqs = (dialog: { entries: readonly { seq: number }[] } | null) =>
  dialog?.entries.map(({ seq }) => seq);
const whole = new Conversation(entries(1, 300));
const dialog = (first: number, last: number) =>
  extend(NOTHING, whole.page(last - first + 1, String(last + 1)));

describe('a pushed entry', () => {
  test('is appended when it is the next', () => {
    expect(seqs(append(NOTHING, entry(1)))).toEqual([1]);
    expect(seqs(append(dialog(3, 5), entry(6)))).toEqual([3, 4, 5, 6]);
  });

  test('changes nothing when it came before', () => {
    const before = dialog(3, 5);
    for (const seq of [1, 3, 5]) expect(append(before, entry(seq))).toBe(before);
  });

  test('takes the place of the same one whose file was checked', () => {
    const file = {
      id: 'f',
      name: 'a.png',
      size: 9,
      width: 1,
      height: 1,
      url: null,
      thumbnailUrl: null,
    };
    const checked = { ...entry(4), attachments: [{ ...file, state: 'READY' as const }] };
    const after = append(dialog(3, 5), checked);
    expect(after?.entries[1]).toBe(checked);
    expect(seqs(after)).toEqual([3, 4, 5]);
  });

  test('shows a hole when one before it is missing', () => {
    expect(append(NOTHING, entry(2))).toBeNull();
    expect(append(dialog(3, 5), entry(7))).toBeNull();
  });
});

describe('a page', () => {
  test('of the end closes a hole that it reaches over', () => {
    const extended = extend(dialog(3, 5), whole.page(297, null));
    expect(seqs(extended)).toEqual(entries(3, 300).map(({ seq }) => seq));
    expect(extended.startCursor).toBe('3');
  });

  test('of the end changes nothing when all was known', () => {
    const before = dialog(290, 300);
    expect(extend(before, whole.page(5, null))).toBe(before);
  });

  test('that does not reach takes the place of the dialog, and the rest is earlier', () => {
    const replaced = extend(dialog(3, 5), whole.page(10, null));
    expect(seqs(replaced)?.[0]).toBe(291);
    expect(replaced).toMatchObject({ hasEarlier: true, startCursor: '291' });
  });

  test('that came before stands before, each entry once', () => {
    const earlier = prepend(dialog(6, 8), whole.page(3, '7'));
    expect(seqs(earlier)).toEqual([4, 5, 6, 7, 8]);
    expect(earlier).toMatchObject({ hasEarlier: true, startCursor: '4' });
    expect(prepend(dialog(2, 3), whole.page(5, '2')).hasEarlier).toBe(false);
  });

  test('meets what it overlaps or touches', () => {
    expect(meets(dialog(3, 5), whole.page(3, '9'))).toBe(true);
    expect(meets(dialog(3, 5), whole.page(2, '9'))).toBe(false);
    expect(meets(NOTHING, new Conversation().page(9, null))).toBe(true);
  });
});

test('answers after the read mark are unread, own messages never', () => {
  const mixed = [entry(1), entry(2, 'Ann'), entry(3, 'Ann'), entry(4), entry(5, 'Ann')];
  const all = extend(NOTHING, new Conversation(mixed).page(9, null));
  expect([0, 2, 4, 5].map((readSeq) => unreadCount(all, readSeq))).toEqual([3, 2, 1, 0]);
  expect(lastSeq(all)).toBe(5);
});
