import { describe, expect, it } from 'vitest';
import type { Role, SessionGroup } from '../generated/graphql';
import {
  asked,
  compare,
  groupsFor,
  NO_FILTER,
  passes,
  standsIn,
  withPage,
  withSession,
  type Placed,
  type Viewpoint,
} from './placement';

const at = (minute: number) => `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`;

function session(id: string, more: Partial<Placed> = {}): Placed {
  return {
    id,
    version: '1',
    state: 'QUEUED',
    unreadCount: 1,
    openedAt: at(0),
    lastMessageAt: at(0),
    liveChat: { id: 'support' },
    operator: null,
    ...more,
  };
}

const me = (...roles: Role[]): Viewpoint => ({
  employeeId: 'ann',
  roles: new Map([['support', roles]]),
});
const ids = (list: readonly Placed[]) => list.map(({ id }) => id).join('');
const standing = (one: Placed, viewpoint: Viewpoint) =>
  (['ACTIVE', 'QUEUE', 'MY', 'CLOSED'] as const).filter((group) => standsIn(group, one, viewpoint));

describe('where a session stands', () => {
  const mine = { operator: { id: 'ann' } };
  const bobs = { operator: { id: 'bob' } };

  it('is the queue while nobody has it, and Active for supervisors', () => {
    expect(standing(session('a'), me('OPERATOR'))).toEqual(['QUEUE']);
    expect(standing(session('a'), me('SUPERVISOR'))).toEqual(['ACTIVE', 'QUEUE']);
  });

  it('is My for who has it', () => {
    expect(standing(session('a', { state: 'ASSIGNED', ...mine }), me('OPERATOR'))).toEqual(['MY']);
    const both = me('OPERATOR', 'SUPERVISOR');
    expect(standing(session('a', { state: 'ASSIGNED', ...mine }), both)).toEqual(['ACTIVE', 'MY']);
    expect(standing(session('a', { state: 'ASSIGNED', ...bobs }), both)).toEqual(['ACTIVE']);
  });

  it('is Closed for who had it, and for supervisors', () => {
    const closed = { state: 'CLOSED', closedAt: at(9) } as const;
    expect(standing(session('a', { ...closed, ...mine }), me('OPERATOR'))).toEqual(['CLOSED']);
    expect(standing(session('a', { ...closed, ...bobs }), me('OPERATOR'))).toEqual([]);
    expect(standing(session('a', { ...closed, ...bobs }), me('SUPERVISOR'))).toEqual(['CLOSED']);
  });

  it('is nowhere in a live chat where I am nothing', () => {
    expect(standing(session('a', { liveChat: { id: 'sales' } }), me('OPERATOR'))).toEqual([]);
  });

  it('is in the groups of my roles', () => {
    expect(groupsFor(['OPERATOR'])).toEqual(['MY', 'QUEUE', 'CLOSED']);
    expect(groupsFor(['SUPERVISOR'])).toEqual(['ACTIVE', 'QUEUE', 'CLOSED']);
  });
});

it('passes a filter by what it says now', () => {
  const waiting = session('a', { unreadCount: 0, waitingSince: at(1) });
  expect(passes(NO_FILTER, waiting)).toBe(true);
  expect(passes({ unread: true, waitingForReply: false }, waiting)).toBe(false);
  expect(passes({ unread: false, waitingForReply: true }, waiting)).toBe(true);
  expect(passes({ unread: false, waitingForReply: true }, session('b'))).toBe(false);
});

it('asks for a filter only where there is one', () => {
  expect(asked(NO_FILTER)).toBeNull();
  expect(asked({ unread: true, waitingForReply: false })).toEqual({ unread: true });
  expect(asked({ unread: false, waitingForReply: true })).toEqual({ waitingForReply: true });
});

describe('the order of a group', () => {
  const early = session('a', { openedAt: at(1), lastMessageAt: at(1), closedAt: at(1) });
  const late = session('b', { openedAt: at(2), lastMessageAt: at(2), closedAt: at(2) });

  it('has who waits longest first in the queue, and what happened last elsewhere', () => {
    expect(compare('QUEUE', early, late)).toBeLessThan(0);
    for (const group of ['ACTIVE', 'MY', 'CLOSED'] as const) {
      expect(compare(group, early, late)).toBeGreaterThan(0);
    }
  });

  it('is the same for equal times, however they come', () => {
    expect(compare('MY', session('a'), session('b'))).toBe(
      -compare('MY', session('b'), session('a')),
    );
    expect(compare('MY', session('a'), session('a'))).toBe(0);
  });
});

describe('a list', () => {
  const list = [session('a', { openedAt: at(1) }), session('c', { openedAt: at(3) })];
  const queue = { group: 'QUEUE', belongs: true, isWhole: true, end: null } as const;

  it('takes a session where it belongs', () => {
    expect(ids(withSession(list, session('b', { openedAt: at(2) }), queue))).toBe('abc');
  });

  it('puts nothing behind its end while there is more', () => {
    const last = session('d', { openedAt: at(4) });
    expect(ids(withSession(list, last, queue))).toBe('acd');
    expect(ids(withSession(list, last, { ...queue, isWhole: false }))).toBe('ac');
  });

  it('is loaded as far as its pages went, even if the last one left it', () => {
    const end = session('e', { openedAt: at(5) });
    const open = { ...queue, isWhole: false, end };
    expect(ids(withSession(list, session('d', { openedAt: at(4) }), open))).toBe('acd');
    expect(ids(withSession(list, end, open))).toBe('ace');
    expect(ids(withSession(list, session('f', { openedAt: at(6) }), open))).toBe('ac');
  });

  it('moves a session that is as new, but of which more is known', () => {
    const moved = session('a', { openedAt: at(4) });
    expect(ids(withSession(list, moved, queue))).toBe('ca');
  });

  it('stays the same when nothing changed', () => {
    expect(withSession(list, session('a', { openedAt: at(1) }), queue)).toBe(list);
    expect(withSession(list, session('x'), { ...queue, belongs: false })).toBe(list);
  });

  it('lets a session go that belongs there no more', () => {
    expect(ids(withSession(list, session('a'), { ...queue, belongs: false }))).toBe('c');
  });

  it('does not go back to what a session was', () => {
    const newer = [session('a', { version: '5' })];
    const older = session('a', { version: '4' });
    expect(withSession(newer, older, { ...queue, belongs: false })).toBe(newer);
  });

  it('takes a further page once', () => {
    const page = [session('c', { openedAt: at(3) }), session('d', { openedAt: at(4) })];
    expect(ids(withPage(list, page, 'QUEUE'))).toBe('acd');
  });
});

/** A repeatable source of chance. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
}

it.each(['ACTIVE', 'QUEUE', 'MY', 'CLOSED'] as const)(
  'of %s is, after any pushes in any order, what sorting from scratch gives',
  (group: SessionGroup) => {
    const both = me('OPERATOR', 'SUPERVISOR');
    const states = ['QUEUED', 'ASSIGNED', 'CLOSED'] as const;
    for (let seed = 1; seed <= 50; seed += 1) {
      const pick = chance(seed);
      const latest = new Map<string, Placed>();
      const pushes: Placed[] = [];
      for (let version = 1; version <= 60; version += 1) {
        const id = `s${pick(12)}`;
        const pushed = session(id, {
          version: String(version).padStart(4, '0'),
          state: states[pick(3)] ?? 'QUEUED',
          operator: { id: pick(2) === 0 ? 'ann' : 'bob' },
          openedAt: at(Number(id.slice(1))),
          lastMessageAt: at(pick(50)),
          closedAt: at(pick(50)),
        });
        latest.set(id, pushed);
        pushes.push(pushed);
        // Some come twice, late.
        const again = pushes[pick(pushes.length)];
        if (again !== undefined && pick(3) === 0) pushes.push(again);
      }
      let list: readonly Placed[] = [];
      for (const pushed of pushes) {
        const belongs = standsIn(group, pushed, both);
        // The list does not remember removed sessions: only the version in the cache, which the
        // page asks first, shows that a push is old.
        if (
          (latest.get(pushed.id)?.version ?? '') > pushed.version &&
          !ids(list).includes(pushed.id)
        )
          continue;
        list = withSession(list, pushed, { group, belongs, isWhole: true, end: null });
      }
      const expected = [...latest.values()]
        .filter((one) => standsIn(group, one, both))
        .sort((one, other) => compare(group, one, other));
      expect(ids(list)).toBe(ids(expected));
    }
  },
);
