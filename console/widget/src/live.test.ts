import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TypedDocumentString } from './generated/operations';
import { Live } from './live';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { authorization?: string; variables?: { afterSeq: number } };
}

/** The sockets that were opened, and what was said on them. */
class FakeSocket {
  static readonly CLOSING = 2;
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  /** True when a handshake is refused. */
  static isShut = false;

  readyState = FakeSocket.OPEN;
  readonly heard: Message[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
    const isShut = FakeSocket.isShut;
    queueMicrotask(() => {
      if (isShut) this.close(1006, '');
      else this.onopen?.();
    });
  }

  send(text: string): void {
    this.heard.push(JSON.parse(text) as Message);
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(code: number, reason: string): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  get subscribed(): Message[] {
    return this.heard.filter(({ type }) => type === 'subscribe');
  }
}

const socket = (index: number): FakeSocket => {
  const found = FakeSocket.all[index];
  if (found === undefined) throw new Error(`there is no socket ${index}`);
  return found;
};

const document = 'subscription' as unknown as TypedDocumentString<
  { seq: number },
  { afterSeq: number }
>;

beforeEach(() => {
  FakeSocket.all = [];
  FakeSocket.isShut = false;
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setUp(resync: () => Promise<void> = () => Promise.resolve(), needsTicket = false) {
  const connections: boolean[] = [];
  const refused: string[] = [];
  const tokens = ['first', 'second', 'third'];
  const token = {
    get: () => Promise.resolve(tokens[refused.length] ?? 'last'),
    refuse: (given: string) => refused.push(given),
    needsSocketTicket: () => needsTicket,
  };
  const live = new Live(
    'ws://api',
    token,
    (isConnected) => connections.push(isConnected),
    (given) => Promise.resolve(`ticket of ${given}`),
  );
  const heard: number[] = [];
  const stop = live.follow(document, () => ({ afterSeq: heard.at(-1) ?? 0 }), {
    next: ({ seq }) => heard.push(seq),
    resync,
  });
  return { connections, heard, live, refused, stop };
}

async function acknowledged(index: number): Promise<FakeSocket> {
  await vi.advanceTimersByTimeAsync(2_000);
  socket(index).say({ type: 'connection_ack' });
  await vi.advanceTimersByTimeAsync(0);
  return socket(index);
}

const next = (of: FakeSocket, seq: number) => {
  of.say({ type: 'next', id: of.subscribed[0]?.id, payload: { data: { seq } } });
};

test('where the service wants a ticket, each socket brings a new one', async () => {
  setUp(undefined, true);
  (await acknowledged(0)).close(1006, '');
  await acknowledged(1);
  const urls = FakeSocket.all.map(({ url }) => url);
  expect(urls).toEqual(Array(2).fill('ws://api/?ticket=ticket+of+first'));
});

test('a socket that is refused comes again with a ticket', async () => {
  FakeSocket.isShut = true;
  setUp();
  await vi.advanceTimersByTimeAsync(100);
  FakeSocket.isShut = false;
  (await acknowledged(1)).close(1006, '');
  await acknowledged(2);
  const urls = FakeSocket.all.map(({ url }) => url);
  expect(urls).toEqual(['ws://api', 'ws://api/?ticket=ticket+of+first', 'ws://api']);
});

test('after a broken connection it goes on where it is', async () => {
  const { connections, heard } = setUp();
  const first = await acknowledged(0);
  expect(first.heard[0]?.payload?.authorization).toBe('Bearer first');
  expect(first.subscribed.map(({ payload }) => payload?.variables)).toEqual([{ afterSeq: 0 }]);
  next(first, 7);
  first.onerror?.({ type: 'error' });
  first.close(1006, '');
  const second = await acknowledged(1);
  expect(second.subscribed.map(({ payload }) => payload?.variables)).toEqual([{ afterSeq: 7 }]);
  next(second, 8);
  expect(heard).toEqual([7, 8]);
  expect(connections.filter((is, index) => is !== connections[index - 1])).toEqual([
    true,
    false,
    true,
  ]);
});

test('a connection that is refused is tried with another token, after a while', async () => {
  const { refused } = setUp();
  await vi.advanceTimersByTimeAsync(0);
  socket(0).say({ type: 'close', payload: { code: 4403, reason: 'Forbidden' } });
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.all).toHaveLength(1);
  expect(refused).toEqual(['first']);
  const second = await acknowledged(1);
  expect(second.heard[0]?.payload?.authorization).toBe('Bearer second');
  expect(second.subscribed).toHaveLength(1);
});

test('what would lose something is read again, and then followed again', async () => {
  const resync = vi.fn(() => Promise.resolve());
  setUp(resync);
  const only = await acknowledged(0);
  const payload = [{ message: 'Too much', extensions: { code: 'RESYNC' } }];
  only.say({ type: 'error', id: only.subscribed[0]?.id, payload });
  await vi.advanceTimersByTimeAsync(0);
  expect(resync).toHaveBeenCalledOnce();
  expect(only.subscribed).toHaveLength(2);
  expect(FakeSocket.all).toHaveLength(1);
});

test('an operation that fails begins anew once, and not at once', async () => {
  setUp();
  const only = await acknowledged(0);
  const errors = [{ message: 'Busy', extensions: { code: 'UNAVAILABLE' } }];
  only.say({ type: 'next', id: only.subscribed[0]?.id, payload: { data: null, errors } });
  await vi.advanceTimersByTimeAsync(0);
  expect(only.subscribed).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(only.subscribed).toHaveLength(2);
});

test('a connection that does not answer is given up', async () => {
  const { live } = setUp();
  const first = await acknowledged(0);
  live.check();
  expect(first.heard.at(-1)).toEqual({ type: 'ping' });
  first.say({ type: 'pong' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(FakeSocket.all).toHaveLength(1);
  live.check();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(FakeSocket.all).toHaveLength(2);
});

test('stopped, it is silent', async () => {
  const { heard, stop } = setUp();
  const only = await acknowledged(0);
  const [subscribed] = only.subscribed;
  stop();
  expect(only.heard.at(-1)).toEqual({ type: 'complete', id: subscribed?.id });
  only.say({ type: 'next', id: subscribed?.id, payload: { data: { seq: 1 } } });
  await vi.advanceTimersByTimeAsync(100_000);
  expect(heard).toEqual([]);
  expect(FakeSocket.all).toHaveLength(1);
});

test('a quiet connection is tried every four minutes, which is less than it may be idle', async () => {
  setUp();
  const only = await acknowledged(0);
  const pings = () => only.heard.filter(({ type }) => type === 'ping').length;
  await vi.advanceTimersByTimeAsync(230_000);
  expect(pings()).toBe(0);
  await vi.advanceTimersByTimeAsync(12_000);
  expect(pings()).toBe(1);
});
