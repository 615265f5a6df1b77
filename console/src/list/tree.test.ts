import { expect, it } from 'vitest';
import { keyOf, type SessionList } from './ListStore';
import type { Placed } from './placement';
import { isOpenAtFirst, rowsOf, type LiveChat } from './tree';

const support: LiveChat = {
  id: 'support',
  name: 'Support',
  viewerRoles: ['OPERATOR'],
  queueCount: 1,
};
const list = (more: Partial<SessionList>): SessionList => ({
  sessions: [],
  endCursor: null,
  hasMore: false,
  isLoading: false,
  isLoaded: true,
  error: undefined,
  ...more,
});
const sessions = [{ id: 'a' }, { id: 'b' }] as Placed[];

it('has the groups of a live chat below it, and their sessions below them', () => {
  const rows = rowsOf(
    [support],
    (key) => key === 'support' || key === keyOf('support', 'QUEUE'),
    () => list({ sessions }),
  );
  expect(rows.map(({ kind }) => kind)).toEqual([
    'liveChat',
    'group',
    'session',
    'session',
    'group',
    'group',
  ]);
});

it('says of a group that it is loading, empty, or not all', () => {
  const last = (of: SessionList) =>
    rowsOf(
      [support],
      () => true,
      () => of,
    )
      .map(({ kind }) => kind)
      .at(-1);
  expect(last(list({ isLoaded: false }))).toBe('loading');
  expect(last(list({}))).toBe('empty');
  expect(last(list({ sessions, hasMore: true }))).toBe('more');
  expect(last(list({ sessions }))).toBe('session');
  expect(last(list({ error: new Error() }))).toBe('error');
});

it('is only a line where a live chat is closed', () => {
  expect(
    rowsOf(
      [support],
      () => false,
      () => list({}),
    ),
  ).toHaveLength(1);
});

it('begins with what is short and urgent', () => {
  expect(isOpenAtFirst('QUEUE') && isOpenAtFirst('MY')).toBe(true);
  expect(isOpenAtFirst('ACTIVE') || isOpenAtFirst('CLOSED')).toBe(false);
});
