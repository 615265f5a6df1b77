import { gql } from '@apollo/client';
import { beforeEach, describe, expect, it } from 'vitest';
import possible from '../generated/possibleTypes';
import { FreshCache } from './fresh-cache';

const version = (n: number) => String(n).padStart(32, '0');

const SESSION = gql`
  query S($first: Int!) {
    session {
      id
      version
      name
      unread: unreadCount
      operator {
        id
        name
      }
      ...More
      messages(first: $first) {
        nodes {
          id
          text
        }
      }
    }
  }
  fragment More on Session {
    state
    preview {
      text
    }
  }
`;

const ann = { __typename: 'Employee', id: 'ann', name: 'Ann' };
const bob = { __typename: 'Employee', id: 'bob', name: 'Bob' };

const session = (n: number, facts: object = {}) => ({
  session: {
    __typename: 'Session',
    id: 's',
    version: version(n),
    name: `name ${n}`,
    unread: n,
    state: 'ASSIGNED',
    operator: ann,
    preview: { __typename: 'MessagePreview', text: `text ${n}` },
    messages: {
      __typename: 'MessageConnection',
      nodes: [{ __typename: 'Message', id: `m${n}`, text: '' }],
    },
    ...facts,
  },
});

describe('the cache', () => {
  let cache: FreshCache;
  const write = (data: object) =>
    cache.writeQuery({ query: SESSION, variables: { first: 1 }, data });
  const read = () =>
    cache.readQuery<ReturnType<typeof session>>({ query: SESSION, variables: { first: 1 } })
      ?.session;

  beforeEach(() => {
    cache = new FreshCache({ possibleTypes: possible.possibleTypes });
  });

  it('takes what is newer, and what is as new', () => {
    write(session(1));
    write(session(2));
    write(session(2, { name: 'as new', operator: null }));
    expect(read()).toMatchObject({ version: version(2), name: 'as new', operator: null });
  });

  it('keeps the newer facts, whole', () => {
    write(session(3, { operator: bob }));
    write(session(2));
    expect(read()).toMatchObject({
      version: version(3),
      name: 'name 3',
      unread: 3,
      operator: { id: 'bob', name: 'Bob' },
      preview: { text: 'text 3' },
    });
  });

  it('compares versions by their length too', () => {
    write(session(10));
    write(session(9));
    expect(read()?.name).toBe('name 10');
  });

  it('takes the page of an older answer: lists are not of the session', () => {
    write(session(3));
    write(session(2));
    expect(read()?.messages.nodes).toMatchObject([{ id: 'm2' }]);
  });

  it('takes from an older answer what was not known', () => {
    cache.writeFragment({
      id: 'Session:s',
      fragment: gql`
        fragment Push on Session {
          id
          version
          name
        }
      `,
      data: { __typename: 'Session', id: 's', version: version(3), name: 'pushed' },
    });
    write(session(2));
    expect(read()).toMatchObject({ version: version(3), name: 'pushed', state: 'ASSIGNED' });
  });

  it('finds sessions in lists and behind interfaces', () => {
    write(session(3));
    cache.writeQuery({
      query: gql`
        query N {
          nodes {
            id
            ... on Session {
              version
              name
            }
          }
        }
      `,
      data: {
        nodes: [{ __typename: 'Session', id: 's', version: version(1), name: 'name 1' }, null],
      },
    });
    expect(read()?.name).toBe('name 3');
  });

  it('keeps what hangs on newer counters', () => {
    const query = gql`
      query C {
        counters {
          id
          version
          queue
          liveChats {
            id
            name
            queueCount
          }
        }
      }
    `;
    const push = gql`
      query P {
        counters {
          id
          version
          queue
          liveChats {
            id
            queueCount
          }
        }
      }
    `;
    const counters = (n: number, name?: string) => ({
      counters: {
        __typename: 'Counters',
        id: 'c',
        version: version(n),
        queue: n,
        liveChats: [{ __typename: 'LiveChat', id: 'l', queueCount: n, ...(name && { name }) }],
      },
    });
    cache.writeQuery({ query: push, data: counters(5) });
    cache.writeQuery({ query, data: counters(4, 'Support') });
    expect(cache.readQuery({ query })).toMatchObject({
      counters: { queue: 5, liveChats: [{ name: 'Support', queueCount: 5 }] },
    });
  });

  it('tells which sessions were written, when they can be read', () => {
    const told: (string | undefined)[] = [];
    const stop = cache.onSessions((ids) => {
      told.push(...ids, read()?.name);
    });
    write(session(1));
    write(session(2));
    stop();
    write(session(3));
    expect(told).toEqual(['s', 'name 1', 's', 'name 2']);
  });

  it('does not change what it is given', () => {
    write(session(3));
    const older = session(2);
    write(older);
    expect(older).toEqual(session(2));
  });
});
