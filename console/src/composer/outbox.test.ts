import { describe, expect, it, vi } from 'vitest';
import { MOST_OUTGOING, Outbox, type Outgoing, type Send } from './outbox';

const written = (id: string, sessionId = 'one'): Omit<Outgoing, 'state'> => ({
  id,
  sessionId,
  isNote: false,
  text: id,
  at: '2026-03-01T12:00:00.000Z',
});

function storage(kept: string | null = null) {
  const store = { kept };
  return {
    store,
    getItem: () => store.kept,
    setItem: (_: string, value: string) => {
      store.kept = value;
    },
  };
}

const NO_NETWORK = new TypeError('Failed to fetch');
const REFUSED = { said: { key: 'error.sessionClosed' }, code: 'SESSION_CLOSED' } as const;
const never = () => new Promise<void>(() => undefined);
const states = (outbox: Outbox) => outbox.all().map(({ id, state }) => `${id} ${state.kind}`);

describe('the outbox', () => {
  it('sends one after the other in a session, and is empty then', async () => {
    const sent: string[] = [];
    let release: (() => void)[] = [];
    const send: Send = ({ id }) => {
      sent.push(id);
      return new Promise((resolve) => {
        release.push(() => {
          resolve(undefined);
        });
      });
    };
    const outbox = new Outbox(send, storage(), 'key');
    outbox.add(written('a'));
    outbox.add(written('b'));
    outbox.add(written('c', 'two'));
    expect(sent).toEqual(['a', 'c']);
    release.forEach((go) => {
      go();
    });
    release = [];
    await vi.waitFor(() => {
      expect(sent).toEqual(['a', 'c', 'b']);
    });
    release[0]?.();
    await vi.waitFor(() => {
      expect(outbox.all()).toEqual([]);
    });
  });

  it('tries again by itself with the same id while the service cannot be reached', async () => {
    const send = vi
      .fn<Send>()
      .mockRejectedValueOnce(NO_NETWORK)
      .mockRejectedValueOnce(NO_NETWORK)
      .mockResolvedValue(undefined);
    const waited: number[] = [];
    const outbox = new Outbox(send, storage(), 'key', (tries) => {
      waited.push(tries);
      return Promise.resolve();
    });
    outbox.add(written('a'));
    await vi.waitFor(() => {
      expect(outbox.all()).toEqual([]);
    });
    expect(send.mock.calls.map(([{ id }]) => id)).toEqual(['a', 'a', 'a']);
    expect(waited).toEqual([0, 1]);
  });

  it('does not let a later one overtake one that waits', async () => {
    const send = vi.fn<Send>().mockRejectedValue(NO_NETWORK);
    const outbox = new Outbox(send, storage(), 'key', never);
    outbox.add(written('a'));
    outbox.add(written('b'));
    await vi.waitFor(() => {
      expect(states(outbox)).toEqual(['a waiting', 'b sending']);
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('tries at once when somebody says so', async () => {
    const send = vi.fn<Send>().mockRejectedValueOnce(NO_NETWORK).mockResolvedValue(undefined);
    const outbox = new Outbox(send, storage(), 'key', never);
    outbox.add(written('a'));
    await vi.waitFor(() => {
      expect(states(outbox)).toEqual(['a waiting']);
    });
    outbox.retry('a');
    await vi.waitFor(() => {
      expect(outbox.all()).toEqual([]);
    });
  });

  it('keeps what was refused until it is sent again or discarded, and goes on', async () => {
    const send = vi
      .fn<Send>()
      .mockResolvedValueOnce(REFUSED)
      .mockResolvedValueOnce(undefined)
      .mockResolvedValueOnce(REFUSED);
    const outbox = new Outbox(send, storage(), 'key', never);
    outbox.add(written('a'));
    outbox.add(written('b'));
    await vi.waitFor(() => {
      expect(states(outbox)).toEqual(['a failed']);
    });
    outbox.retry('a');
    await vi.waitFor(() => {
      expect(send).toHaveBeenCalledTimes(3);
    });
    outbox.discard('a');
    expect(outbox.all()).toEqual([]);
  });

  it('is found again after the page was loaded again, and sends what it finds', async () => {
    const place = storage();
    const first = new Outbox(vi.fn<Send>().mockRejectedValue(NO_NETWORK), place, 'key', never);
    first.add(written('a'));
    await vi.waitFor(() => {
      expect(states(first)).toEqual(['a waiting']);
    });
    const send = vi.fn<Send>().mockResolvedValue(undefined);
    const second = new Outbox(send, storage(place.store.kept), 'key', never);
    await vi.waitFor(() => {
      expect(second.all()).toEqual([]);
    });
    expect(send.mock.calls[0]?.[0].id).toBe('a');
  });

  it('reads calmly what it cannot understand', () => {
    for (const kept of ['{', '{}', '[null, 1, {"id": 2}]']) {
      expect(new Outbox(vi.fn<Send>(), storage(kept), 'key').all()).toEqual([]);
    }
  });

  it('has a bound', () => {
    const outbox = new Outbox(never as unknown as Send, storage(), 'key');
    for (let count = 0; count < MOST_OUTGOING; count += 1) {
      expect(outbox.add(written(`${count}`))).toBe(true);
    }
    expect(outbox.add(written('more'))).toBe(false);
  });
});
