import { expect, test } from 'vitest';
import { Kept } from './kept';
import { MOST_OUTGOING, Outbox, freshId } from './outbox';
import { kept, storage } from './testing/conversation';

const outgoing = (clientMessageId: string) => ({
  clientMessageId,
  text: `text ${clientMessageId}`,
  writtenAt: 1,
  refusal: null,
});
const ids = (outbox: Outbox) => outbox.all().map(({ clientMessageId }) => clientMessageId);

test('messages wait in order, and outlive the page', () => {
  const disk = storage();
  const outbox = new Outbox(kept(disk));
  for (const id of ['a', 'b', 'c']) outbox.add(outgoing(id));
  outbox.remove('b');
  expect(ids(new Outbox(kept(disk)))).toEqual(['a', 'c']);
  expect(new Outbox(kept(disk)).next()?.text).toBe('text a');
});

test('what was refused for good does not hold up the others, and can be tried again', () => {
  const outbox = new Outbox(kept());
  for (const id of ['a', 'b']) outbox.add(outgoing(id));
  outbox.mark('a', 'INVALID');
  expect(outbox.next()?.clientMessageId).toBe('b');
  outbox.mark('a', null);
  expect(outbox.next()?.clientMessageId).toBe('a');
  expect(ids(outbox)).toEqual(['a', 'b']);
});

test('only so many wait', () => {
  const outbox = new Outbox(kept());
  for (let n = 0; n < MOST_OUTGOING; n += 1) {
    expect(outbox.isFull()).toBe(false);
    outbox.add(outgoing(String(n)));
  }
  expect(outbox.isFull()).toBe(true);
});

test('what somebody else wrote into the storage is not taken', () => {
  const disk = storage();
  const outbox = new Outbox(kept(disk));
  outbox.add(outgoing('a'));
  const key = disk.key(0) ?? '';
  for (const wrong of ['', 'nonsense', '{}', '[1]', '[{"clientMessageId":1}]']) {
    disk.setItem(key, wrong);
    expect(outbox.all(), wrong).toEqual([]);
  }
});

test('a browser that keeps nothing keeps it as long as the page', () => {
  const refusing = new Kept('test', () => {
    throw new Error('denied');
  });
  const outbox = new Outbox(refusing);
  outbox.add(outgoing('a'));
  expect(ids(outbox)).toEqual(['a']);
  outbox.remove('a');
  expect(ids(outbox)).toEqual([]);
});

test('ids are fresh', () => {
  const many = new Set(Array.from({ length: 1000 }, freshId));
  expect(many.size).toBe(1000);
  for (const id of many) expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test('two tabs that write at the same time lose nothing', () => {
  const disk = storage();
  const [one, other] = [new Outbox(kept(disk)), new Outbox(kept(disk))];
  // Each has read what stands there before the other writes: nothing is read, changed and written.
  const before = one.all();
  other.add({ ...outgoing('b'), writtenAt: 2 });
  expect(before).toEqual([]);
  one.add({ ...outgoing('a'), writtenAt: 1 });
  one.mark('a', 'INVALID');
  other.remove('b');
  other.add({ ...outgoing('c'), writtenAt: 3 });
  expect(ids(one)).toEqual(['a', 'c']);
  expect(ids(other)).toEqual(['a', 'c']);
});

test('messages of one tab stay in order, even when its clock steps back', () => {
  const outbox = new Outbox(kept());
  for (const [id, writtenAt] of [
    ['b', 9],
    ['a', 9],
    ['c', 3],
  ] as const) {
    outbox.add({ ...outgoing(id), writtenAt });
  }
  expect(ids(outbox)).toEqual(['b', 'a', 'c']);
});

test('what an older version kept in one list is taken over', () => {
  const disk = storage();
  kept(disk).write('outbox', [outgoing('a'), outgoing('b')]);
  expect(ids(new Outbox(kept(disk)))).toEqual(['a', 'b']);
  expect(kept(disk).keys('outbox')).toEqual(['outbox a', 'outbox b']);
});
