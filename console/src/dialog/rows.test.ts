import { describe, expect, it } from 'vitest';
import type { Outgoing } from '../composer/outbox';
import { rowsOf, unseenIn, type Entry, type Row, type Shown } from './rows';

const NOON = Date.parse('2026-03-01T12:00:00');
const MINUTE = 60_000;

interface Written {
  by?: string;
  kind?: Entry['kind'];
  at?: number;
  session?: string;
  clientMessageId?: string;
  amends?: { kind: 'EDITED' | 'DELETED'; aboutSeq: number };
}

function entry(seq: number, written: Written = {}): Entry {
  const { by = 'Zoe', kind = 'CLIENT', at = NOON, session = 'now' } = written;
  return {
    __typename: 'Message',
    id: `${seq}`,
    seq,
    kind,
    text: `${seq}`,
    sentAt: new Date(at).toISOString(),
    clientMessageId: written.clientMessageId ?? null,
    session: {
      __typename: 'Session',
      id: session,
      version: '1',
      name: session,
      firstMessageAt: new Date(NOON).toISOString(),
    },
    author:
      kind === 'CLIENT'
        ? { __typename: 'Client', id: by, name: by }
        : { __typename: 'Employee', id: by, name: by },
    channel: null,
    delivery: null,
    replyTo: null,
    attachments: [],
    event: written.amends
      ? {
          __typename: 'SessionEvent',
          from: null,
          to: null,
          name: null,
          item: null,
          text: null,
          ...written.amends,
        }
      : null,
  };
}

const SHOWN: Omit<Shown, 'entries'> = {
  isEnd: true,
  outgoing: [],
  myId: 'ann',
  sessionId: 'now',
  readSeq: undefined,
};

const outgoing = (id: string): Outgoing => ({
  id,
  sessionId: 'now',
  isNote: false,
  text: id,
  at: '2026-03-01T12:00:00.000Z',
  state: { kind: 'sending' },
});

const said = (row: Row) =>
  row.kind === 'entry'
    ? `${row.entry.seq}${row.leads ? '*' : ''}`
    : `${row.kind}${row.kind === 'outgoing' && row.leads ? '*' : ''}`;
const rows = (entries: Entry[], more: Partial<Shown> = {}) =>
  rowsOf({ ...SHOWN, entries, ...more });
const lines = (entries: Entry[], more: Partial<Shown> = {}) => rows(entries, more).map(said);

describe('the lines of a dialog', () => {
  it('begin with its start only when that is there', () => {
    expect(lines([entry(1), entry(2)])).toEqual(['start', 'day', '1*', '2']);
    // The entries above may be of the same day and of the same session.
    expect(lines([entry(5), entry(6)])).toEqual(['5*', '6']);
  });

  it('stand under one name as long as one writes', () => {
    const ann = { by: 'ann', kind: 'OPERATOR' } as const;
    const later = NOON + 10 * MINUTE;
    expect(
      lines([
        entry(5),
        entry(6),
        entry(7, ann),
        entry(8, { ...ann, kind: 'NOTE' }),
        entry(9, { ...ann, at: later }),
        entry(10, { ...ann, at: later + MINUTE }),
        entry(11, { ...ann, by: 'bob', at: later + MINUTE }),
      ]),
    ).toEqual(['5*', '6', '7*', '8*', '9*', '10', '11*']);
  });

  it('are parted by days', () => {
    const entries = [entry(5), entry(6, { at: NOON + 24 * 60 * MINUTE })];
    expect(lines(entries)).toEqual(['5*', 'day', '6*']);
  });

  it('are parted where another session begins, the first of several too', () => {
    const entries = [entry(1, { session: 'before' }), entry(2)];
    expect(lines(entries)).toEqual(['start', 'session', 'day', '1*', 'session', '2*']);
    expect(lines([entry(1)])).toEqual(['start', 'day', '1*']);
  });

  it('say from where on they are new', () => {
    const entries = [entry(5), entry(6), entry(7)];
    expect(lines(entries, { readSeq: 5 })).toEqual(['5*', 'new', '6*', '7']);
    expect(lines(entries, { readSeq: 7 })).toEqual(['5*', '6', '7']);
    // Nothing of my own and nothing that happened is new.
    const mine = [entry(5), entry(6, { by: 'ann', kind: 'OPERATOR' })];
    expect(lines(mine, { readSeq: 5 })).toEqual(['5*', '6*']);
  });

  it('do not say so where that is above what is loaded', () => {
    expect(lines([entry(5), entry(6)], { readSeq: 2 })).toEqual(['5*', '6']);
    expect(lines([entry(1)], { readSeq: 0 })).toEqual(['start', 'day', 'new', '1*']);
  });

  it('say so in this session only: what stands above it is history', () => {
    const old = { session: 'before' };
    const returned = [entry(1, old), entry(2, old), entry(3), entry(4)];
    const expected = ['start', 'session', 'day', '1*', '2', 'session', 'new', '3*', '4'];
    for (const readSeq of [0, 1, 2]) expect(lines(returned, { readSeq })).toEqual(expected);
    expect(lines(returned, { readSeq: 3 }).slice(-3)).toEqual(['3*', 'new', '4*']);
    expect(lines(returned, { readSeq: 4 })).not.toContain('new');
    // Without the beginning of this session nobody knows where that is.
    expect(lines([entry(3), entry(4)], { readSeq: 0 })).toEqual(['3*', '4']);
    // An earlier session that is looked at has nothing new from later on.
    expect(lines([entry(1, old), entry(2, old)], { readSeq: 0 })).not.toContain('new');
  });

  it('say of a message that the client edited or deleted it later', () => {
    const amend = (seq: number, kind: 'EDITED' | 'DELETED', aboutSeq: number) =>
      entry(seq, { kind: 'EVENT', amends: { kind, aboutSeq } });
    const entries = [entry(5), entry(6), entry(7), amend(8, 'EDITED', 5), amend(9, 'DELETED', 6)];
    const amended = (of: Entry[]) =>
      rows(of).map((row) => (row.kind === 'entry' ? row.amendment : row.kind));
    expect(amended(entries)).toEqual(['edited', 'deleted', undefined, undefined, undefined]);
    const both = [entry(5), amend(6, 'DELETED', 5), amend(7, 'EDITED', 5), amend(8, 'EDITED', 2)];
    expect(amended(both)).toEqual(['deleted', undefined, undefined, undefined]);
    // Nothing of it is new to read.
    expect(lines(entries, { readSeq: 7 })).not.toContain('new');
  });

  it('end with what is on its way, until it is there', () => {
    const mine = entry(6, { by: 'ann', kind: 'OPERATOR', clientMessageId: 'a' });
    const both = [outgoing('a'), outgoing('b')];
    expect(lines([entry(5)], { outgoing: both })).toEqual(['5*', 'outgoing*', 'outgoing']);
    expect(lines([entry(5), mine], { outgoing: both })).toEqual(['5*', '6*', 'outgoing']);
    expect(lines([entry(5)], { outgoing: both, isEnd: false })).toEqual(['5*']);
  });

  it('keep their keys when older pages come, and when mine arrives', () => {
    const keys = (entries: Entry[], more?: Partial<Shown>) =>
      rows(entries, more).map(({ key }) => key);
    const mine = entry(6, { by: 'ann', kind: 'OPERATOR', clientMessageId: 'a' });
    const before = keys([entry(5)], { outgoing: [outgoing('a')] });
    expect(keys([entry(5), mine])).toEqual(before);
    const older = keys([entry(3), entry(4), entry(5), mine]);
    expect(older.slice(-2)).toEqual(before);
    expect(new Set(older).size).toBe(older.length);
  });
});

it('counts what is below and not seen, with what is not loaded of it', () => {
  const count = (entries: Entry[], readSeq: number) =>
    unseenIn({ entries, myId: 'ann', sessionId: 'now', readSeq });
  const mine = entry(7, { by: 'ann', kind: 'OPERATOR' });
  expect(count([entry(4, { session: 'before' }), entry(5), entry(6), mine], 0)).toBe(2);
  expect(count([entry(4), entry(5), entry(6), mine], 5)).toBe(1);
  expect(count([entry(4), entry(5), entry(90), entry(91)], 4)).toBe(87);
  expect(count([entry(4)], 4)).toBe(0);
});
