import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Failure } from './api';
import { Outbox } from './outbox';
import { Sender } from './sender';
import { BARRED } from './service';
import { Conversation, kept, noNetwork } from './testing/conversation';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp(conversation = new Conversation()) {
  const outbox = new Outbox(kept());
  const problems: (string | null)[] = [];
  const sent: string[] = [];
  const sender: Sender = new Sender(outbox, conversation.service, {
    sent: ({ text }) => sent.push(text),
    changed: () => problems.push(sender.problem),
  });
  const write = (...texts: string[]) => {
    for (const text of texts) {
      outbox.add({ clientMessageId: `id of ${text}`, text, writtenAt: 0, refusal: null });
    }
    sender.flush();
  };
  return { conversation, outbox, problems, sent, sender, write };
}

test('messages are sent one after the other, in order', async () => {
  const { conversation, outbox, sent, write } = setUp();
  write('one', 'two');
  write('three');
  await vi.runAllTimersAsync();
  expect(conversation.standing.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect(sent).toEqual(['one', 'two', 'three']);
  expect(outbox.all()).toEqual([]);
});

test('without a network they wait, and go in order when it is back', async () => {
  const { conversation, outbox, problems, sender, write } = setUp();
  conversation.failures = [noNetwork, noNetwork];
  write('one', 'two');
  await vi.advanceTimersByTimeAsync(0);
  expect(problems).toEqual(['NETWORK']);
  expect(outbox.all()).toHaveLength(2);
  sender.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(conversation.failures).toHaveLength(1);
  sender.hurry();
  await vi.advanceTimersByTimeAsync(0);
  expect(conversation.failures).toHaveLength(0);
  expect(sender.problem).toBe('NETWORK');
  await vi.runAllTimersAsync();
  expect(sender.problem).toBeNull();
  expect(conversation.standing.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('an answer that is lost does no harm: the same message is sent again', async () => {
  const { conversation, write } = setUp();
  const { execute } = conversation.service;
  let isLost = true;
  conversation.service.execute = async (document, variables) => {
    const answer = await execute(document, variables);
    if (isLost) {
      isLost = false;
      throw noNetwork;
    }
    return answer;
  };
  write('one', 'two');
  await vi.runAllTimersAsync();
  expect(conversation.asked).toEqual(['post one', 'post one', 'post two']);
  expect(conversation.standing.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('too fast is tried again by itself, with the others behind it', async () => {
  const { conversation, problems, write } = setUp();
  conversation.refusals = ['LIMIT'];
  write('one', 'two');
  await vi.runAllTimersAsync();
  expect(problems).toContain('LIMIT');
  expect(conversation.standing.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('what is refused for good stays, says why, and lets the others pass', async () => {
  const { conversation, outbox, write } = setUp();
  conversation.refusals = ['INVALID'];
  write('one', 'two');
  await vi.runAllTimersAsync();
  expect(conversation.standing.map(({ text }) => text)).toEqual(['two']);
  expect(outbox.all()).toMatchObject([{ text: 'one', refusal: 'INVALID' }]);
});

test('where the page may not carry the chat, nothing is tried for ever', async () => {
  const { conversation, outbox, sender, write } = setUp();
  conversation.failures = [new Failure(BARRED, false)];
  write('one');
  await vi.runAllTimersAsync();
  expect(sender.problem).toBe(BARRED);
  expect(conversation.asked).toEqual([]);
  expect(outbox.all()).toHaveLength(1);
});

test('a wait that the service asks for is kept', async () => {
  const { conversation, write } = setUp();
  conversation.failures = [new Failure('RATE_LIMITED', true, 60_000)];
  write('one');
  await vi.advanceTimersByTimeAsync(59_000);
  expect(conversation.asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(conversation.asked).toEqual(['post one']);
});
