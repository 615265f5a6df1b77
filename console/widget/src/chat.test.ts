import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Failure } from './api';
import { Chat } from './chat';
import type { Entry } from './dialog';
import { FollowMessagesDocument } from './generated/operations';
import type { Live, Sink } from './live';
import { Outbox } from './outbox';
import { Conversation, entries, entry, kept, noNetwork, storage } from './testing/conversation';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A socket whose pushes the test makes. */
class Socket {
  connect: (isConnected: boolean) => void = () => undefined;
  afterSeq = () => -1;
  private sink: Sink<unknown> | null = null;
  isTypingFollowed = false;

  readonly live: Pick<Live, 'follow' | 'check' | 'stop'> = {
    check: () => undefined,
    stop: () => undefined,
    follow: (document, variables, sink) => {
      if ((document as unknown) !== FollowMessagesDocument) {
        this.isTypingFollowed = true;
        return () => (this.isTypingFollowed = false);
      }
      this.sink = sink as Sink<unknown>;
      this.afterSeq = () => Number((variables() as Record<string, unknown>).afterSeq);
      this.connect(true);
      return () => undefined;
    },
  };

  get isOpen(): boolean {
    return this.sink !== null;
  }

  push(...pushed: Entry[]): void {
    for (const conversationMessages of pushed) this.sink?.next({ conversationMessages });
  }

  async resync(): Promise<void> {
    await this.sink?.resync?.();
  }
}

function setUp(conversation = new Conversation(), disk = storage(), tab = storage()) {
  const socket = new Socket();
  const mine = kept(disk);
  const chat = new Chat({
    kept: mine,
    tab: kept(tab),
    outbox: new Outbox(mine),
    service: conversation.service,
    live: (onConnection) => {
      socket.connect = onConnection;
      return socket.live;
    },
  });
  const replies: number[] = [];
  chat.onReply(({ seq }) => replies.push(seq));
  const seqs = () => chat.shown.state.dialog.entries.map(({ seq }) => seq);
  return { chat, conversation, disk, replies, seqs, socket, state: () => chat.shown.state, tab };
}

async function opened(conversation?: Conversation) {
  const all = setUp(conversation);
  all.chat.open();
  await vi.advanceTimersByTimeAsync(0);
  return all;
}

describe('a stranger', () => {
  test('costs nothing until they open the chat', async () => {
    const { chat, conversation, socket, state } = setUp();
    chat.start();
    chat.revive();
    await vi.runAllTimersAsync();
    expect(conversation.asked).toEqual([]);
    expect(socket.isOpen).toBe(false);
    chat.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(state()).toMatchObject({ phase: 'ready', liveChatName: 'Support' });
    expect(socket.isOpen).toBe(true);
  });

  test('who only looked is a stranger on the next page', async () => {
    const { chat, disk } = await opened();
    chat.close();
    const next = setUp(new Conversation(), disk);
    next.chat.start();
    await vi.runAllTimersAsync();
    expect(next.conversation.asked).toEqual([]);
  });

  test('who wrote is known on the next page, and hears of answers', async () => {
    const { chat, conversation, disk } = await opened();
    chat.write('hello');
    await vi.advanceTimersByTimeAsync(0);
    const next = setUp(conversation, disk);
    conversation.standing.push(entry(2, 'Ann'));
    next.chat.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(next.state()).toMatchObject({ isOpen: false, unread: 1, phase: 'ready' });
  });
});

describe('answers', () => {
  test('are shown once, in order, however often they are pushed', async () => {
    const { replies, seqs, socket } = await opened(new Conversation(entries(1, 3)));
    socket.push(entry(3), entry(4, 'Ann'), entry(4, 'Ann'), entry(5, 'Ann'), entry(2));
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
    expect(replies).toEqual([4, 5]);
    expect(socket.afterSeq()).toBe(5);
  });

  test('that are missing are read', async () => {
    const conversation = new Conversation(entries(1, 3));
    const { seqs, socket } = await opened(conversation);
    conversation.standing.push(...entries(4, 8, 'Ann'));
    socket.push(entry(8, 'Ann'));
    await vi.advanceTimersByTimeAsync(0);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('that come while it is read again are not lost', async () => {
    const conversation = new Conversation(entries(1, 3));
    const { seqs, socket } = await opened(conversation);
    conversation.standing.push(...entries(4, 5, 'Ann'));
    socket.push(entry(5, 'Ann'));
    // The page was made before this one, which finds a hole as well.
    socket.push(entry(6, 'Ann'));
    await vi.advanceTimersByTimeAsync(0);
    conversation.standing.push(entry(6, 'Ann'));
    await vi.runAllTimersAsync();
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('that are too many to be pushed are read, with the rest as history', async () => {
    const conversation = new Conversation(entries(1, 3));
    const { seqs, socket, state } = await opened(conversation);
    conversation.standing.push(...entries(4, 900, 'Ann'));
    await socket.resync();
    expect(seqs()[0]).toBe(401);
    expect(seqs().at(-1)).toBe(900);
    expect(state().dialog.hasEarlier).toBe(true);
  });

  test('are unread until they are seen', async () => {
    const { chat, disk, socket, state } = await opened(new Conversation(entries(1, 2)));
    chat.seen();
    chat.close();
    socket.push(entry(3, 'Ann'), entry(4, 'Ann'));
    expect(state().unread).toBe(2);
    chat.open();
    chat.seen();
    expect(state().unread).toBe(0);
    const next = setUp(new Conversation([...entries(1, 2), ...entries(3, 5, 'Ann')]), disk);
    next.chat.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(next.state().unread).toBe(1);
  });
});

describe('answers that are seen', () => {
  const said = ({ asked }: Conversation) => asked.filter((one) => one.startsWith('seen'));

  test('are said to be, each time the last one, and not again by the next page', async () => {
    const conversation = new Conversation([...entries(1, 2), entry(3, 'Ann')]);
    const { chat, disk, socket } = await opened(conversation);
    chat.seen();
    chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual(['seen 3']);
    socket.push(entry(4), entry(5, 'Ann'), entry(6, 'Ann'));
    expect(said(conversation)).toEqual(['seen 3']);
    chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual(['seen 3', 'seen 6']);
    const next = setUp(conversation, disk);
    next.chat.start();
    await vi.advanceTimersByTimeAsync(0);
    next.chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual(['seen 3', 'seen 6']);
  });

  test('are said a little later, or with the next look, if the service was not reached', async () => {
    const conversation = new Conversation([entry(1), entry(2, 'Ann')]);
    const { chat, socket } = await opened(conversation);
    conversation.failures = [noNetwork];
    chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(said(conversation)).toEqual(['seen 2']);
    socket.push(entry(3, 'Ann'));
    conversation.failures = [noNetwork];
    chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual(['seen 2']);
    chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual(['seen 2', 'seen 3']);
  });

  test('are none where the visitor wrote alone', async () => {
    const conversation = new Conversation(entries(1, 3));
    const { chat } = await opened(conversation);
    chat.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(conversation)).toEqual([]);
  });
});

describe('own messages', () => {
  test('are shown at once, and once when they arrive by answer and push', async () => {
    const { chat, conversation, seqs, socket, state } = await opened();
    chat.write('hello');
    expect(state().outgoing.map(({ text }) => text)).toEqual(['hello']);
    await vi.advanceTimersByTimeAsync(0);
    socket.push(...conversation.standing);
    expect(state().outgoing).toEqual([]);
    expect(seqs()).toEqual([1]);
  });

  test('outlive the page when there is no network', async () => {
    const { chat, conversation, disk, tab } = await opened();
    conversation.failures = [noNetwork, noNetwork];
    chat.write('one');
    chat.write('two');
    await vi.advanceTimersByTimeAsync(0);
    const next = setUp(new Conversation(), disk, tab);
    next.chat.start();
    expect(next.state().outgoing.map(({ text }) => text)).toEqual(['one', 'two']);
    await vi.advanceTimersByTimeAsync(0);
    expect(next.conversation.standing.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(next.state().isOpen).toBe(true);
  });

  test('can be given up when they were refused', async () => {
    const { chat, conversation, state } = await opened();
    conversation.refusals = ['FORBIDDEN'];
    chat.write('one');
    await vi.advanceTimersByTimeAsync(0);
    const [refused] = state().outgoing;
    expect(refused?.refusal).toBe('FORBIDDEN');
    chat.discard(refused?.clientMessageId ?? '');
    expect(state().outgoing).toEqual([]);
  });
});

test('history is read page by page when it is scrolled to', async () => {
  const { chat, seqs, state } = await opened(new Conversation(entries(1, 70)));
  expect(seqs()[0]).toBe(41);
  await chat.readEarlier();
  expect(seqs()[0]).toBe(11);
  await Promise.all([chat.readEarlier(), chat.readEarlier()]);
  expect(seqs()).toEqual(entries(1, 70).map(({ seq }) => seq));
  expect(state().dialog.hasEarlier).toBe(false);
});

test('history that could not be read can be tried again', async () => {
  const conversation = new Conversation(entries(1, 40));
  const { chat, seqs, state } = await opened(conversation);
  conversation.failures = [noNetwork];
  await chat.readEarlier();
  expect(state().earlier).toBe('failed');
  await chat.readEarlier();
  expect(seqs()[0]).toBe(1);
});

test('a service that is away is waited for', async () => {
  const conversation = new Conversation(entries(1, 2));
  conversation.failures = [noNetwork, noNetwork];
  const { seqs, state } = await opened(conversation);
  expect(state()).toMatchObject({ phase: 'loading', isOffline: true });
  await vi.runAllTimersAsync();
  expect(state()).toMatchObject({ phase: 'ready', isOffline: false });
  expect(seqs()).toEqual([1, 2]);
});

test('a page that may not carry the chat says so, and asks no more', async () => {
  const conversation = new Conversation();
  conversation.failures = [new Failure('FORBIDDEN', false)];
  const { socket, state } = await opened(conversation);
  await vi.runAllTimersAsync();
  expect(state().phase).toBe('barred');
  expect(socket.isOpen).toBe(false);
});

test('typing is told at most every three seconds, and only where somebody may read it', async () => {
  const conversation = new Conversation();
  const { chat, socket } = await opened(conversation);
  const told = () => conversation.asked.filter((asked) => asked === 'typing').length;
  chat.typing();
  expect(told()).toBe(0);
  chat.write('hello');
  await vi.advanceTimersByTimeAsync(0);
  for (let n = 0; n < 4; n += 1) {
    chat.typing();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(told()).toBe(2);
  expect(socket.isTypingFollowed).toBe(true);
  chat.close();
  expect(socket.isTypingFollowed).toBe(false);
});
