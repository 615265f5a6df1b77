import { expect, test, vi } from 'vitest';
import { Failure, type TokenWish } from './api';
import { kept, noNetwork, storage } from './testing/conversation';
import { Token } from './token';

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60 * 1000;

function setUp(
  disk = storage(),
  visitor: { name: string | null; email: string | null } | null = null,
) {
  const clock = { now: 1_000_000 };
  const wishes: TokenWish[] = [];
  const failures: Failure[] = [];
  const onStranger = vi.fn();
  let given = 0;
  const make = () =>
    new Token(
      kept(disk),
      'https://api',
      'chat',
      visitor ?? { name: 'Zoe', email: null },
      onStranger,
      () => clock.now,
      async (_, wish) => {
        wishes.push({ ...wish });
        await Promise.resolve();
        const failure = failures.shift();
        if (failure) throw failure;
        given += 1;
        const expiresAt = new Date(clock.now + DAY).toISOString();
        return { token: `token ${given}`, expiresAt, needsSocketTicket: given > 1 };
      },
    );
  return { clock, disk, failures, make, onStranger, token: make(), wishes };
}

test('whether a socket wants a ticket is said with each token', async () => {
  const { clock, make, token } = setUp();
  expect(token.needsSocketTicket()).toBe(false);
  await token.get();
  expect(token.needsSocketTicket()).toBe(false);
  clock.now += DAY;
  await token.get();
  expect([token.needsSocketTicket(), make().needsSocketTicket()]).toEqual([true, true]);
});

test('a token is asked for once, however many want it, and kept for the next page', async () => {
  const { make, token, wishes } = setUp();
  expect(await Promise.all([token.get(), token.get()])).toEqual(['token 1', 'token 1']);
  expect(await make().get()).toBe('token 1');
  expect(wishes).toEqual([{ liveChatId: 'chat', name: 'Zoe', email: undefined, token: undefined }]);
});

test('it is renewed with the old one before its end', async () => {
  const { clock, token, wishes } = setUp();
  await token.get();
  clock.now += DAY - 61 * MINUTE;
  expect(await token.get()).toBe('token 1');
  clock.now += 2 * MINUTE;
  expect(await token.get()).toBe('token 2');
  expect(wishes[1]?.token).toBe('token 1');
});

test('a renewal that fails leaves the old one as long as it is good', async () => {
  const { clock, failures, token } = setUp();
  await token.get();
  clock.now += DAY - 30 * MINUTE;
  failures.push(noNetwork);
  expect(await token.get()).toBe('token 1');
  clock.now += 31 * MINUTE;
  failures.push(noNetwork);
  await expect(token.get()).rejects.toBe(noNetwork);
});

test('one that the service does not take is renewed at once', async () => {
  const { token } = setUp();
  token.refuse(await token.get());
  expect(await token.get()).toBe('token 2');
  expect(await token.get()).toBe('token 2');
});

test('a clock that is wrong does not make every request a renewal', async () => {
  const { clock, token, wishes } = setUp();
  await token.get();
  clock.now += 2 * DAY;
  await token.get();
  for (let n = 0; n < 5; n += 1) await token.get();
  expect(wishes).toHaveLength(2);
});

test('an old token that is no good any more makes another client', async () => {
  const { failures, onStranger, token, wishes } = setUp();
  token.refuse(await token.get());
  failures.push(new Failure('UNAUTHENTICATED', false));
  expect(await token.get()).toBe('token 2');
  expect(onStranger).toHaveBeenCalledOnce();
  expect(wishes[2]?.token).toBeUndefined();
});

test('another name is told to the service', async () => {
  const { disk, token } = setUp();
  await token.get();
  const renamed = setUp(disk, { name: 'Zoé', email: null });
  await renamed.token.get();
  expect(renamed.wishes).toMatchObject([{ name: 'Zoé', token: 'token 1' }]);
});

test('what is wrong about the visitor is left out', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { failures, token, wishes } = setUp(storage(), { name: 'Zoe', email: 'nobody' });
  failures.push(new Failure('BAD_USER_INPUT', false, 0, 'email'));
  expect(await token.get()).toBe('token 1');
  expect(wishes[1]).toMatchObject({ name: 'Zoe', email: undefined });
  expect(console.error).toHaveBeenCalledOnce();
});

test('of two tabs that ask for their first token both take the earlier', async () => {
  const { make, token } = setUp();
  const other = make();
  expect(await Promise.all([token.get(), other.get()])).toEqual(['token 1', 'token 1']);
});
