import { ApolloClient, ApolloLink, gql } from '@apollo/client';
import { Observable } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCache } from '../apollo/cache';
import { lastSeq, readPart, take } from './history';

const MESSAGE = gql`
  fragment Seq on Message {
    id
    seq
  }
`;

const KEPT = gql`
  query Kept {
    viewer {
      id
      session(id: "s") {
        id
        version
        messages(last: 50) {
          edges {
            cursor
            node {
              id
              seq
            }
          }
        }
      }
    }
  }
`;

interface Kept {
  viewer: { session: { messages: { edges: { cursor: string; node: { seq: number } }[] } } };
}

function message(seq: number) {
  const author = { __typename: 'Client', id: 'zoe', name: 'Zoe' };
  const session = { __typename: 'Session', id: 's', version: '1', name: 'Zoe', firstMessageAt: '' };
  return {
    __typename: 'Message',
    id: `m${seq}`,
    seq,
    kind: 'CLIENT',
    text: '',
    sentAt: '',
    clientMessageId: null,
    session,
    author,
    channel: null,
    delivery: null,
    replyTo: null,
    attachments: [],
    event: null,
  };
}

describe('the history of a dialog', () => {
  let client: ApolloClient;
  let asked: unknown[];
  let fails: boolean;

  /** A service with a dialog of 300 entries, which puts the half of a page before its middle. */
  const answer = ({ last, first, aroundSeq }: Record<string, number | undefined>) => {
    const start = last === undefined ? (aroundSeq ?? 1) - Math.floor((first ?? 0) / 2) : 301 - last;
    const seqs = Array.from({ length: last ?? first ?? 0 }, (_, index) => start + index);
    const edges = seqs.map((seq) => ({
      __typename: 'MessageEdge',
      cursor: `c${seq}`,
      node: message(seq),
    }));
    const messages = { __typename: 'MessageConnection', edges };
    const session = { __typename: 'Session', id: 's', version: '1', messages };
    return { data: { viewer: { __typename: 'Viewer', id: 'v', session } } };
  };

  beforeEach(() => {
    asked = [];
    fails = false;
    const link = new ApolloLink(
      ({ variables }) =>
        new Observable((subscriber) => {
          asked.push(variables);
          if (fails) {
            subscriber.error(new TypeError('Failed to fetch'));
            return;
          }
          subscriber.next(answer(variables));
          subscriber.complete();
        }),
    );
    client = new ApolloClient({ cache: createCache(), link });
  });

  const edges = () =>
    client.readQuery<Kept>({ query: KEPT, variables: {} })?.viewer.session.messages.edges ?? [];
  const seqs = () => edges().map(({ node }) => node.seq);
  const arrive = (seq: number) => {
    client.writeFragment({ fragment: MESSAGE, data: message(seq) });
    return take(client, 's', { id: `m${seq}`, seq });
  };

  it('takes an entry that follows, once, without a question', async () => {
    await readPart(client, 's', { aroundSeq: 12, first: 4 });
    expect(seqs()).toEqual([10, 11, 12, 13]);
    await arrive(14);
    await arrive(14);
    await arrive(12);
    expect(seqs()).toEqual([10, 11, 12, 13, 14]);
    expect(edges().at(2)?.cursor).toBe('c12');
    expect(asked).toHaveLength(1);
    expect(lastSeq(client.cache, 's')).toBe(14);
  });

  it('closes a hole with one question', async () => {
    await readPart(client, 's', { aroundSeq: 12, first: 4 });
    await arrive(17);
    expect(seqs()).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
    expect(asked).toHaveLength(2);
  });

  it('shows an entry all the same when the hole cannot be closed', async () => {
    await readPart(client, 's', { aroundSeq: 12, first: 4 });
    fails = true;
    await expect(arrive(17)).rejects.toThrow();
    expect(seqs()).toEqual([10, 11, 12, 13, 17]);
  });

  it('keeps older pages when the end is read again', async () => {
    await readPart(client, 's', { aroundSeq: 12, first: 4 });
    await readPart(client, 's', { last: 3 });
    expect(seqs()).toEqual([10, 11, 12, 13, 298, 299, 300]);
  });

  it('leaves alone a dialog that was never read', async () => {
    await arrive(5);
    expect(asked).toEqual([]);
    expect(lastSeq(client.cache, 's')).toBe(0);
  });
});
