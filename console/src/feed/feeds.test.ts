import { ApolloClient, ApolloLink, gql } from '@apollo/client';
import { Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FreshCache } from '../apollo/fresh-cache';
import possible from '../generated/possibleTypes';
import { PLACED } from '../list/documents';
import { DESK_FEED } from './documents';
import { createEmitter } from './emitter';
import { passOn, type Alert, type SessionChange } from './feeds';
import { follow } from './follow';

const version = (n: number) => String(n).padStart(32, '0');
const AT = '2026-03-01T12:00:00.000Z';

const bob = { __typename: 'Employee', id: 'bob', name: 'Bob', presence: 'ONLINE' };
const liveChat = { __typename: 'LiveChat', id: 'support', name: 'Support' };
const web = { __typename: 'Channel', id: 'web', kind: 'WEB_WIDGET', name: 'Web', canReply: true };
const zoe = {
  __typename: 'Client',
  id: 'zoe',
  name: 'Zoe',
  isInternal: false,
  employee: null,
  contacts: [],
};

const session = (n: number) => ({
  __typename: 'Session',
  id: 's',
  version: version(n),
  name: 'Zoe',
  state: 'QUEUED',
  isNew: true,
  unreadCount: n,
  viewerReadSeq: 0,
  liveChat,
  operator: null,
  client: zoe,
  channel: web,
  replyUntil: null,
  openedAt: AT,
  firstMessageAt: AT,
  lastMessageAt: AT,
  waitingSince: AT,
  closedAt: null,
  preview: null,
  bindings: [],
  viewerCanClaim: true,
  viewerCanReply: true,
  viewerCanNote: true,
  viewerCanAssign: true,
  viewerCanReturn: true,
  viewerCanClose: true,
  viewerCanRename: true,
  viewerCanBind: true,
});

const change = (kind: string, facts: object = {}) => ({
  __typename: 'SessionChange',
  kind,
  removedId: null,
  version: version(0),
  heldBy: null,
  session: null,
  ...facts,
});

const counters = (n: number) => ({
  __typename: 'Counters',
  id: 'ann',
  version: version(n),
  workspaceBadge: n,
  unreadSessions: 0,
  unassignedSessions: n,
  queue: n,
  liveChats: [{ __typename: 'LiveChat', id: 'support', queueCount: n }],
});

const alert = (n: number) => ({
  __typename: 'Alert',
  id: 'a',
  kind: 'NEW_MESSAGE',
  at: AT,
  session: {
    __typename: 'Session',
    id: 's',
    version: version(n),
    name: 'Zoe',
    liveChat,
  },
  message: { __typename: 'Message', id: 'm', text: 'Hello?' },
});

const PRESENCE = gql`
  fragment Shown on Employee {
    presence
  }
`;
const BADGE = gql`
  fragment Badge on Counters {
    workspaceBadge
  }
`;

function openDesk() {
  const frames = new Subject<ApolloLink.Result>();
  const client = new ApolloClient({
    cache: new FreshCache({ possibleTypes: possible.possibleTypes }),
    dataMasking: true,
    link: new ApolloLink(() => frames),
  });
  const shown: unknown[] = [];
  for (const [fragment, from] of [
    [PRESENCE, 'Employee:bob'],
    [BADGE, 'Counters:ann'],
  ] as const) {
    client.watchFragment({ fragment, from }).subscribe(({ complete, data }) => {
      if (complete) shown.push(data);
    });
  }
  const heard: unknown[] = [];
  const emitters = { changes: createEmitter<SessionChange>(), alerts: createEmitter<Alert>() };
  emitters.changes.listen(({ kind, removedId }) => {
    const kept = client.readFragment({ fragment: PLACED, from: 'Session:s' });
    heard.push([kind, removedId ?? kept?.unreadCount]);
  });
  emitters.alerts.listen(({ id, kind }) => heard.push([kind, id]));
  follow(client, DESK_FEED, () => ({}), {
    onData: ({ desk }) => {
      passOn(desk, emitters, () => heard.push(['READY']));
    },
  });
  const push = (parts: object) => {
    const nothing = { counters: null, changes: [], alerts: [], presence: [] };
    frames.next({ data: { desk: { __typename: 'DeskUpdate', ...nothing, ...parts } } });
  };
  return { shown, heard, push };
}

describe('the feed of the desk', () => {
  it('brings each part of a frame once: to the cache, then its changes, then its alerts', async () => {
    const { shown, heard, push } = openDesk();
    push({
      counters: counters(2),
      changes: [
        change('READY'),
        change('MESSAGE', { version: version(2), session: session(2) }),
        change('REMOVED', { version: version(1), removedId: 'other' }),
      ],
      alerts: [alert(2)],
      presence: [bob],
    });
    expect(heard).toEqual([['READY'], ['MESSAGE', 2], ['REMOVED', 'other'], ['NEW_MESSAGE', 'a']]);
    await vi.waitFor(() => {
      expect(shown).toMatchObject([{ presence: 'ONLINE' }, { workspaceBadge: 2 }]);
    });
  });

  it('keeps the greater version of the counters, and what a frame leaves out', async () => {
    const { shown, heard, push } = openDesk();
    push({ counters: counters(2), presence: [bob] });
    await vi.waitFor(() => {
      expect(shown).toHaveLength(2);
    });
    push({ counters: counters(1) });
    push({ presence: [{ ...bob, presence: 'OFFLINE' }] });
    await vi.waitFor(() => {
      expect(shown.slice(2)).toMatchObject([{ presence: 'OFFLINE' }]);
    });
    expect(heard).toEqual([]);
  });
});
