import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { Observable, type Subscriber } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { follow } from './follow';

interface Ticks {
  tick: number;
}

const TICKS: TypedDocumentNode<Ticks, { after: number }> = gql`
  subscription Ticks($after: Int) {
    tick(after: $after)
  }
`;

describe('a feed', () => {
  let subscribers: Subscriber<ApolloLink.Result>[];
  let asked: unknown[];
  let client: ApolloClient;
  const waited: number[] = [];
  const wait = (tries: number) => {
    waited.push(tries);
    return Promise.resolve();
  };
  const latest = () => subscribers.at(-1);
  const fail = (code: string) =>
    latest()?.error(
      new CombinedGraphQLErrors({ errors: [{ message: code, extensions: { code } }] }),
    );

  beforeEach(() => {
    subscribers = [];
    asked = [];
    waited.length = 0;
    client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new ApolloLink(
        ({ variables }) =>
          new Observable((subscriber) => {
            asked.push(variables);
            subscribers.push(subscriber);
          }),
      ),
    });
  });

  it('hands on what comes, until it is stopped', () => {
    const onData = vi.fn();
    const stop = follow(client, TICKS, () => ({ after: 0 }), { onData });
    latest()?.next({ data: { tick: 1 } });
    stop();
    latest()?.next({ data: { tick: 2 } });
    expect(onData.mock.calls).toEqual([[{ tick: 1 }]]);
  });

  it('reads again and subscribes again after RESYNC, with what is known then', async () => {
    let after = 1;
    const onResync = vi.fn(() => {
      after = 7;
    });
    follow(client, TICKS, () => ({ after }), { onData: vi.fn(), onResync }, wait);
    fail('RESYNC');
    await vi.waitFor(() => {
      expect(asked).toEqual([{ after: 1 }, { after: 7 }]);
    });
    expect(onResync).toHaveBeenCalledTimes(1);
    expect(waited).toEqual([]);
  });

  it('waits longer before each try, until something comes', async () => {
    const onResync = vi.fn();
    follow(client, TICKS, () => ({ after: 0 }), { onData: vi.fn(), onResync }, wait);
    for (const count of [2, 3]) {
      fail('UNAVAILABLE');
      await vi.waitFor(() => {
        expect(asked).toHaveLength(count);
      });
    }
    latest()?.next({ data: { tick: 1 } });
    fail('UNAVAILABLE');
    await vi.waitFor(() => {
      expect(asked).toHaveLength(4);
    });
    expect(waited).toEqual([0, 1, 0]);
    expect(onResync).not.toHaveBeenCalled();
  });

  it('follows once after a push that could not be made', async () => {
    const onData = vi.fn();
    follow(client, TICKS, () => ({ after: 0 }), { onData }, wait);
    latest()?.next({ data: null, errors: [{ message: 'A fault.' }] });
    await vi.waitFor(() => {
      expect(asked).toHaveLength(2);
    });
    // The first would go on beside the second, and bring everything twice.
    subscribers.forEach((subscriber) => {
      subscriber.next({ data: { tick: 1 } });
    });
    expect(onData.mock.calls).toEqual([[{ tick: 1 }]]);
  });

  it('ends when it is complete, or when it may not be followed', async () => {
    const onEnd = vi.fn();
    follow(client, TICKS, () => ({ after: 0 }), { onData: vi.fn(), onEnd }, wait);
    latest()?.complete();
    expect(onEnd).toHaveBeenCalledTimes(1);
    follow(client, TICKS, () => ({ after: 0 }), { onData: vi.fn(), onEnd }, wait);
    fail('FORBIDDEN');
    await vi.waitFor(() => {
      expect(onEnd).toHaveBeenCalledTimes(2);
    });
    expect(asked).toHaveLength(2);
  });
});
