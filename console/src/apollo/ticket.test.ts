import { afterEach, expect, it, vi } from 'vitest';
import { ticketed } from './ticket';

const identity = { token: () => Promise.resolve('token') };
const open = () => ticketed('wss://socket.example/live', 'https://api.example/ticket', identity);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('opens a socket with a ticket', async () => {
  const ask = vi.fn(() => Promise.resolve(Response.json({ ticket: 'a b' })));
  vi.stubGlobal('fetch', ask);
  expect(await open()).toBe('wss://socket.example/live?ticket=a+b');
  expect(ask).toHaveBeenCalledWith('https://api.example/ticket', {
    method: 'POST',
    headers: { authorization: 'Bearer token' },
  });
});

it('lets the socket be refused, and tried again, while no ticket is to be had', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  for (const answer of [
    () => Promise.reject(new TypeError('offline')),
    () => Promise.resolve(new Response('', { status: 503 })),
  ]) {
    vi.stubGlobal('fetch', answer);
    expect(await open()).toBe('wss://socket.example/live');
  }
});
