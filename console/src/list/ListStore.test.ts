import { ApolloClient, ApolloLink, type DocumentNode } from '@apollo/client';
import { Observable, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FreshCache } from '../apollo/fresh-cache';
import {
  SessionRow_SessionFragmentDoc,
  type Lists_PagesFragment,
  type Role,
  type SessionFilter,
  type SessionGroup,
} from '../generated/graphql';
import possible from '../generated/possibleTypes';
import { LIST_POLICIES, PLACED } from './documents';
import { ListStore } from './ListStore';
import { keyOf, type Changed } from './openness';
import { asked, compare, NO_FILTER, standsIn, type Placed } from './placement';

const CHAT = 'support';
const ROLES: Role[] = ['OPERATOR', 'SUPERVISOR'];
const GROUPS = ['ACTIVE', 'QUEUE', 'MY', 'CLOSED'] as const;
const viewpoint = { employeeId: 'ann', roles: new Map([[CHAT, ROLES]]) };
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString();

interface Asked {
  group: SessionGroup;
  filter: SessionFilter | null;
  first: number;
  after?: string | null;
}

/** All of a session that a page brings. */
const written = (session: Placed) => ({
  __typename: 'Session' as const,
  waitingSince: null,
  closedAt: null,
  ...session,
  name: session.id,
  isNew: session.state === 'QUEUED',
  liveChat: { __typename: 'LiveChat' as const, id: CHAT, name: 'Support' },
  operator: session.operator
    ? { __typename: 'Employee' as const, ...session.operator, name: session.operator.id }
    : null,
  channel: { __typename: 'Channel' as const, id: 'web', kind: 'WEB', name: 'Web' },
  preview: { __typename: 'MessagePreview' as const, kind: 'CLIENT', authorName: '', text: '' },
});

/** A service whose answers are read when they are asked for, and come when they are let go. */
class Service {
  readonly sessions = new Map<string, Placed>();
  readonly waiting: (() => void)[] = [];
  readonly cache = new FreshCache({
    possibleTypes: possible.possibleTypes,
    typePolicies: LIST_POLICIES,
  });
  readonly client = new ApolloClient({
    cache: this.cache,
    dataMasking: true,
    link: new ApolloLink(
      ({ variables }) =>
        new Observable<ApolloLink.Result>((subscriber) => {
          this.#answer(variables as Asked, subscriber);
        }),
    ),
  });

  list(group: SessionGroup, filter: SessionFilter | null): Placed[] {
    const { unread, waitingForReply } = filter ?? {};
    return (
      [...this.sessions.values()]
        .filter((one) => standsIn(group, one, viewpoint))
        // As the schema says: false leaves those that are not so.
        .filter((one) => unread == null || one.unreadCount > 0 === unread)
        .filter((one) => waitingForReply == null || (one.waitingSince != null) === waitingForReply)
        .toSorted((one, other) => compare(group, one, other))
    );
  }

  page({ group, filter, first, after }: Asked) {
    const all = this.list(group, filter);
    const from = after == null ? undefined : (JSON.parse(after) as Placed);
    const rest = from === undefined ? all : all.filter((one) => compare(group, one, from) > 0);
    const nodes = rest.slice(0, first);
    return {
      __typename: 'SessionConnection' as const,
      nodes: nodes.map(written),
      pageInfo: {
        __typename: 'PageInfo' as const,
        endCursor: nodes.length > 0 ? JSON.stringify(nodes.at(-1)) : (after ?? null),
        hasNextPage: rest.length > nodes.length,
      },
    };
  }

  #answer(asked: Asked, subscriber: Subscriber<ApolloLink.Result>): void {
    const sessions = this.page(asked);
    const liveChat = { __typename: 'LiveChat', id: CHAT, sessions };
    this.waiting.push(() => {
      subscriber.next({ data: { viewer: { __typename: 'Viewer', id: 'v', liveChat } } });
      subscriber.complete();
    });
  }

  push(session: Placed): void {
    const documents: DocumentNode[] = [SessionRow_SessionFragmentDoc, PLACED];
    for (const fragment of documents) {
      this.cache.writeFragment({ id: `Session:${session.id}`, fragment, data: written(session) });
    }
  }

  async release(): Promise<void> {
    this.waiting.shift()?.();
    await settled();
  }
}

/** Waits until all pending promises are settled. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

const nobody: Lists_PagesFragment = {
  __typename: 'Viewer',
  employee: { __typename: 'Employee', id: 'ann' },
  liveChats: [{ __typename: 'LiveChat', id: CHAT, viewerRoles: ROLES }],
};

const allOpen = Object.fromEntries(GROUPS.map((group) => [keyOf(CHAT, group), true]));

function start() {
  const service = new Service();
  const store = new ListStore(service.client, service.cache);
  store.follow();
  store.take(nobody, store.begin(allOpen), allOpen);
  const shown = (group: SessionGroup) =>
    store.list(keyOf(CHAT, group)).sessions.map(({ id }) => id);
  return { service, store, shown };
}

const queued = (n: number, more: Partial<Placed> = {}): Placed => ({
  id: `s${String(n).padStart(3, '0')}`,
  version: '1',
  state: 'QUEUED',
  unreadCount: 1,
  openedAt: at(n),
  lastMessageAt: at(n),
  waitingSince: at(n),
  closedAt: null,
  liveChat: { id: CHAT },
  operator: null,
  ...more,
});

describe('the lists', () => {
  it('keep what was pushed while an older answer was on its way', async () => {
    const { service, store, shown } = start();
    service.sessions.set('s001', queued(1));
    void store.load(CHAT, 'QUEUE');
    service.push(queued(2));
    service.push(queued(1, { version: '2', state: 'ASSIGNED', operator: { id: 'bob' } }));
    await service.release();
    expect(shown('QUEUE')).toEqual(['s002']);
  });

  it('place the answer to an act at once', async () => {
    const { service, store, shown } = start();
    service.sessions.set('s001', queued(1));
    for (const group of ['QUEUE', 'MY'] as const) {
      void store.load(CHAT, group);
      await service.release();
    }
    service.push(queued(1, { version: '2', state: 'ASSIGNED', operator: { id: 'ann' } }));
    expect([shown('QUEUE'), shown('MY')]).toEqual([[], ['s001']]);
  });

  it('let go what left my sight, until it comes back', async () => {
    const { service, store, shown } = start();
    service.sessions.set('s001', queued(1));
    void store.load(CHAT, 'QUEUE');
    await service.release();
    store.remove('s001', '2');
    expect(shown('QUEUE')).toEqual([]);
    service.push(queued(1));
    expect(shown('QUEUE')).toEqual([]);
    service.push(queued(1, { version: '3' }));
    store.remove('s001', '2');
    expect(shown('QUEUE')).toEqual(['s001']);
  });

  it('take one back at the end of what is loaded', async () => {
    const { service, store, shown } = start();
    for (let n = 0; n < 70; n += 1) service.sessions.set(`s${n}`, queued(n));
    void store.load(CHAT, 'QUEUE');
    await service.release();
    const last = queued(49, { version: '2', state: 'ASSIGNED', operator: { id: 'bob' } });
    service.push(last);
    expect(shown('QUEUE')).toHaveLength(49);
    service.push(queued(49, { version: '3' }));
    expect(shown('QUEUE').at(-1)).toBe('s049');
    service.push(queued(90));
    expect(shown('QUEUE').at(-1)).toBe('s049');
  });

  it('read again from the beginning, with no page of an earlier time', async () => {
    const { service, store, shown } = start();
    for (let n = 0; n < 300; n += 1) service.sessions.set(`s${n}`, queued(n));
    for (let page = 0; page < 5; page += 1) {
      void store.load(CHAT, 'QUEUE');
      await service.release();
    }
    void store.load(CHAT, 'QUEUE');
    void store.reload(CHAT, 'QUEUE');
    while (service.waiting.length > 0) await service.release();
    expect(shown('QUEUE')).toHaveLength(250);
    expect(store.list(keyOf(CHAT, 'QUEUE'))).toMatchObject({ hasMore: true, isLoading: false });
  });

  it('forget what was not shown when the main page is read again', async () => {
    const { service, store } = start();
    void store.load(CHAT, 'CLOSED');
    await service.release();
    const changed = { ...allOpen, [keyOf(CHAT, 'CLOSED')]: false };
    const reading = store.begin(changed);
    expect([...reading.groups]).toEqual(['ACTIVE', 'QUEUE', 'MY']);
    store.take(nobody, reading, changed);
    expect(store.list(keyOf(CHAT, 'CLOSED')).isLoaded).toBe(false);
  });

  it('read at first what may be open, and what was opened before', () => {
    const { cache, client } = new Service();
    const first = (changed: Changed) => [...new ListStore(client, cache).begin(changed).groups];
    expect(first({})).toEqual(['ACTIVE', 'QUEUE', 'MY']);
    expect(first({ [keyOf(CHAT, 'CLOSED')]: true })).toEqual([...GROUPS]);
    expect(first({ [keyOf(CHAT, 'CLOSED')]: false })).toEqual(['ACTIVE', 'QUEUE', 'MY']);
  });

  it('say when a page could not be read, and read it when asked again', async () => {
    const { service, store } = start();
    const key = keyOf(CHAT, 'QUEUE');
    const link = service.client.link;
    service.client.setLink(
      new ApolloLink(
        () =>
          new Observable((to) => {
            to.error(new TypeError('no network'));
          }),
      ),
    );
    await store.load(CHAT, 'QUEUE');
    expect(store.list(key)).toMatchObject({ isLoading: false, error: { message: 'no network' } });
    service.client.setLink(link);
    void store.load(CHAT, 'QUEUE');
    await service.release();
    expect(store.list(key)).toMatchObject({ isLoaded: true, error: undefined });
  });
});

/** A repeatable source of chance. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Makes the next change of a session. */
function changed(n: number, version: number, pick: (below: number) => number): Placed {
  const state = (['QUEUED', 'ASSIGNED', 'CLOSED'] as const)[pick(3)] ?? 'QUEUED';
  return queued(n, {
    version: String(version).padStart(6, '0'),
    state,
    operator: state === 'QUEUED' ? null : { id: pick(2) === 0 ? 'ann' : 'bob' },
    unreadCount: state === 'CLOSED' ? 0 : pick(2),
    waitingSince: pick(2) === 0 ? null : at(version),
    lastMessageAt: at(pick(3) === 0 ? n : version),
    closedAt: state === 'CLOSED' ? at(version) : null,
  });
}

it.each([
  ['all', NO_FILTER],
  ['unread', { unread: true, waitingForReply: false }],
])(
  'the lists of %s are, however pushes and pages overtake each other, what sorting from scratch gives',
  async (_, filter) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { service, store, shown } = start();
      if (filter !== NO_FILTER) {
        store.setFilter(filter);
        store.take(nobody, store.begin(allOpen), allOpen);
      }
      const pick = chance(seed);
      const late: Placed[] = [];
      for (let version = 1; version <= 300; version += 1) {
        const next = changed(pick(150), version, pick);
        service.sessions.set(next.id, next);
        late.push(next);
        // A push comes late, and some come twice.
        while (late.length > pick(6)) service.push(late.shift() ?? next);
        if (pick(4) === 0) service.push(next);
        const group = GROUPS[pick(4)] ?? 'QUEUE';
        if (pick(12) === 0) void store.load(CHAT, group);
        if (pick(60) === 0) void store.reload(CHAT, group);
        if (pick(8) === 0) await service.release();
      }
      late.forEach((one) => {
        service.push(one);
      });
      for (const group of GROUPS) {
        while (service.waiting.length > 0) await service.release();
        while (!store.list(keyOf(CHAT, group)).isLoaded || store.list(keyOf(CHAT, group)).hasMore) {
          void store.load(CHAT, group);
          await service.release();
        }
        const expected = service.list(group, asked(filter)).map(({ id }) => id);
        expect([seed, group, shown(group)]).toEqual([seed, group, expected]);
      }
    }
  },
  60_000,
);
