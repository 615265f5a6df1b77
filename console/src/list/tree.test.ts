import { describe, expect, it } from 'vitest';
import { keyOf } from './openness';
import type { Placed } from './placement';
import { UNLOADED, type SessionList } from './SessionList';
import { isReachable, nearestRow, nextRow, rowsOf, type LiveChat } from './tree';

const support: LiveChat = {
  id: 'support',
  name: 'Support',
  viewerRoles: ['OPERATOR'],
  queueCount: 1,
};
const list = (more: Partial<SessionList>): SessionList => ({
  ...UNLOADED,
  isLoaded: true,
  ...more,
});
const sessions = [{ id: 'a' }, { id: 'b' }] as Placed[];
const only = (...open: string[]) => ({
  [keyOf('support', 'QUEUE')]: false,
  [keyOf('support', 'MY')]: false,
  ...Object.fromEntries(open.map((key) => [key, true])),
});

describe('the tree', () => {
  it('has the groups of a live chat below it, and their sessions below them', () => {
    const rows = rowsOf([support], only(keyOf('support', 'QUEUE')), () => list({ sessions }));
    expect(rows.map(({ kind }) => kind)).toEqual([
      'liveChat',
      'group',
      'group',
      'session',
      'session',
      'group',
    ]);
  });

  it('says of a group that it is loading, empty, not all, or could not be read', () => {
    const last = (of: SessionList) =>
      rowsOf([support], only(keyOf('support', 'CLOSED')), () => of).at(-1)?.kind;
    expect(last(UNLOADED)).toBe('loading');
    expect(last(list({}))).toBe('empty');
    expect(last(list({ sessions, hasMore: true }))).toBe('more');
    expect(last(list({ sessions }))).toBe('session');
    expect(last(list({ sessions, hasMore: true, error: new Error() }))).toBe('error');
    expect(last({ ...UNLOADED, error: new Error() })).toBe('error');
  });

  it('counts a group only where its number is known exactly', () => {
    const counts = (of: SessionList, isFiltered = false) =>
      rowsOf([{ ...support, queueCount: 7 }], {}, () => of, isFiltered).flatMap((row) =>
        row.kind === 'group' ? [[row.group, row.count]] : [],
      );
    const all = counts(list({ sessions }));
    expect(all).toEqual([
      ['MY', 2],
      ['QUEUE', 7],
      ['CLOSED', 2],
    ]);
    const unknown = [
      ['MY', undefined],
      ['QUEUE', 7],
      ['CLOSED', undefined],
    ];
    expect(counts(list({ sessions }), true)).toEqual(unknown);
    expect(counts(list({ sessions, hasMore: true }))).toEqual(unknown);
    expect(counts(UNLOADED)).toEqual(unknown);
  });

  it('is only a line where a live chat is closed', () => {
    expect(rowsOf([support], { support: false }, () => list({}))).toHaveLength(1);
  });

  it('keeps the lines of a list that stayed the same', () => {
    const same = list({ sessions });
    const rows = () => rowsOf([support], {}, () => same).filter(({ kind }) => kind === 'session');
    rows().forEach((row, at) => {
      expect(rows()[at]).toBe(row);
    });
  });

  it('is gone through by the keyboard, and has a place for the focus whatever leaves', () => {
    const rows = rowsOf([support], only(keyOf('support', 'QUEUE')), () => list({ sessions }));
    expect(nextRow(rows, -1, 1, ({ kind }) => kind === 'session')).toBe(3);
    expect(nextRow(rows, 4, 1, ({ kind }) => kind === 'session')).toBeUndefined();
    expect(nextRow(rows, 6, -1, ({ kind }) => kind === 'session')).toBe(4);
    const loading = rowsOf([support], only(keyOf('support', 'CLOSED')), () => UNLOADED);
    expect(nextRow(loading, 3, 1, isReachable)).toBeUndefined();
    expect(nearestRow(rows, 3)).toBe(3);
    expect(nearestRow(rows, 9)).toBe(5);
    expect(nearestRow(loading, 4)).toBe(3);
    expect(nearestRow([], 0)).toBeUndefined();
  });
});
