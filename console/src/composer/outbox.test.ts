import { describe, expect, it, vi } from 'vitest';
import { MOST_OUTGOING, Outbox, type Outgoing, type Send } from './outbox';

const written = (id: string, sessionId = 'one'): Omit<Outgoing, 'state'> => ({
  id,
  sessionId,
  isNote: false,
  text: id,
  at: '2026-03-01T12:00:00.000Z',
});

/** Remembers what is kept. */
function keeper() {
  const kept = new Map<string, Outgoing>();
  return {
    kept,
    put: (outgoing: Outgoing) => void kept.set(outgoing.id, outgoing),
    drop: (id: string) => void kept.delete(id),
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
    const outbox = new Outbox(send, keeper());
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
    const outbox = new Outbox(send, keeper(), (tries) => {
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
    const outbox = new Outbox(send, keeper(), never);
    outbox.add(written('a'));
    outbox.add(written('b'));
    await vi.waitFor(() => {
      expect(states(outbox)).toEqual(['a waiting', 'b sending']);
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('tries at once when somebody says so', async () => {
    const send = vi.fn<Send>().mockRejectedValueOnce(NO_NETWORK).mockResolvedValue(undefined);
    const outbox = new Outbox(send, keeper(), never);
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
    const outbox = new Outbox(send, keeper(), never);
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

  it('is kept until it is taken or discarded, and taken over by the next page', async () => {
    const place = keeper();
    const first = new Outbox(vi.fn<Send>().mockRejectedValue(NO_NETWORK), place, never);
    first.add(written('a'));
    first.add(written('b'));
    await vi.waitFor(() => {
      expect(states(first)).toEqual(['a waiting', 'b sending']);
    });
    expect(first.isWaiting()).toBe(true);
    expect([...place.kept.keys()]).toEqual(['a', 'b']);
    first.discard('b');
    const left = [...place.kept.values()];
    expect(left.map(({ id, state }) => `${id} ${state.kind}`)).toEqual(['a waiting']);

    const next = keeper();
    left.forEach(next.put);
    const send = vi.fn<Send>().mockResolvedValue(undefined);
    const second = new Outbox(send, next);
    second.takeOver(left);
    expect(second.takeOver(left)).toEqual([]);
    await vi.waitFor(() => {
      expect(second.all()).toEqual([]);
    });
    expect(send.mock.calls.map(([{ id }]) => id)).toEqual(['a']);
    expect(next.kept.size).toBe(0);
    expect(second.isWaiting()).toBe(false);
  });

  it('leaves what failed to who wrote it, also on the next page', async () => {
    const place = keeper();
    const first = new Outbox(vi.fn<Send>().mockResolvedValue(REFUSED), place);
    first.add(written('a'));
    await vi.waitFor(() => {
      expect(states(first)).toEqual(['a failed']);
    });
    const send = vi.fn<Send>();
    const second = new Outbox(send, place);
    second.takeOver([...place.kept.values()]);
    expect(states(second)).toEqual(['a failed']);
    expect(send).not.toHaveBeenCalled();
    expect(second.isWaiting()).toBe(false);
  });

  it('has a bound', () => {
    const outbox = new Outbox(never as unknown as Send, keeper());
    for (let count = 0; count < MOST_OUTGOING; count += 1) {
      expect(outbox.add(written(`${count}`))).toBe(true);
    }
    expect(outbox.add(written('more'))).toBe(false);
  });
});
