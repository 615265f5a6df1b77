import { expect, test } from 'vitest';
import { rowsOf } from './rows';
import { entry } from './testing/conversation';

const outgoing = (clientMessageId: string, writtenAt: number) => ({
  clientMessageId,
  text: 'text',
  writtenAt,
  refusal: null,
});
const on = (seq: number, by: string, at: Date) => ({ ...entry(seq, by), sentAt: at.toISOString() });

test('days are marked, and who wrote is said once in a row', () => {
  const rows = rowsOf(
    [
      on(1, 'me', new Date(2026, 1, 28, 23, 59)),
      on(2, 'Ann', new Date(2026, 2, 1, 0, 0)),
      on(3, 'Ann', new Date(2026, 2, 1, 9, 0)),
      on(4, 'Bob', new Date(2026, 2, 1, 9, 1)),
    ],
    [],
  );
  const said = rows.map((row) => (row.kind === 'day' ? 'day' : row.isFirst));
  expect(said).toEqual(['day', true, 'day', true, false, true]);
});

test('what is being sent stands last, with the key that it keeps', () => {
  const at = new Date(2026, 2, 1, 9, 0);
  const sending = rowsOf([on(1, 'me', at)], [outgoing('message-2', at.getTime())]);
  const arrived = rowsOf([on(1, 'me', at), on(2, 'me', at)], []);
  expect(sending.map(({ key }) => key)).toEqual(arrived.map(({ key }) => key));
  expect(sending.at(-1)).toMatchObject({ kind: 'outgoing', isFirst: false });
});

test('every key is there once', () => {
  const days = [1, 2, 1].map((day) => new Date(2026, 2, day, 9, 0));
  const rows = rowsOf(
    days.map((at, index) => on(index + 1, 'Ann', at)),
    [],
  );
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});
