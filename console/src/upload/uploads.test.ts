import { describe, expect, it, vi } from 'vitest';
import type { post } from './post';
import { areFiles, Uploads, type Ask } from './uploads';

const file = (name = 'a.png') => new File(['bytes'], name, { type: 'image/png' });
const NOW = Date.parse('2026-03-01T12:00:00Z');
const allowed = (id: string) => ({
  id,
  url: 'https://storage.example/',
  fields: [],
  expiresAt: '2026-03-01T13:00:00Z',
});
const at = (uploads: Uploads, key: string) => uploads.all().get(key)?.state;
const atOnce = () => Promise.resolve();

/** Gives an upload a form with a number, one after the other. */
function asking() {
  let count = 0;
  return vi.fn<Ask>(() => Promise.resolve(allowed(`f${++count}`)));
}

/** A storage that a test answers for. */
function storage() {
  const waiting: ((status: number) => void)[] = [];
  const send: typeof post = (_form, _file, onProgress, signal) =>
    new Promise((resolve) => {
      onProgress(0.5);
      waiting.push(resolve);
      signal.addEventListener('abort', () => {
        resolve(0);
      });
    });
  return { waiting, send };
}

describe('an upload', () => {
  it('says how far it is, and what can be sent and for how long', async () => {
    const { waiting, send } = storage();
    const uploads = new Uploads(asking(), () => NOW, send, atOnce);
    const { key } = uploads.start('one', file());
    expect(uploads.isSending()).toBe(true);
    await vi.waitFor(() => {
      expect(at(uploads, key)).toEqual({ kind: 'sending', part: 0.5 });
    });
    waiting[0]?.(201);
    const until = '2026-03-02T11:55:00.000Z';
    await vi.waitFor(() => {
      expect(at(uploads, key)).toEqual({ kind: 'done', uploaded: { id: 'f1', until } });
    });
    expect(uploads.isSending()).toBe(false);
  });

  it('goes beside two others; the fourth waits for its turn', async () => {
    const { waiting, send } = storage();
    const uploads = new Uploads(asking(), () => NOW, send, atOnce);
    for (const name of ['a', 'b', 'c', 'd']) uploads.start('one', file(name));
    await vi.waitFor(() => {
      expect(waiting).toHaveLength(3);
    });
    waiting[1]?.(201);
    await vi.waitFor(() => {
      expect(waiting).toHaveLength(4);
    });
  });

  it('is tried again with the same form while the storage does not answer', async () => {
    const ask = asking();
    const statuses = [0, 503, 201];
    const send: typeof post = () => Promise.resolve(statuses.shift() ?? 0);
    const uploads = new Uploads(ask, () => NOW, send, atOnce);
    const { key } = uploads.start('one', file());
    await vi.waitFor(() => {
      expect(at(uploads, key)?.kind).toBe('done');
    });
    expect(ask).toHaveBeenCalledOnce();
  });

  it('fails after some tries, and is tried again when somebody says so', async () => {
    let status = 0;
    const send = vi.fn<typeof post>(() => Promise.resolve(status));
    const uploads = new Uploads(asking(), () => NOW, send, atOnce);
    const { key } = uploads.start('one', file());
    await vi.waitFor(() => {
      expect(at(uploads, key)).toEqual({ kind: 'failed', said: { key: 'error.network' } });
    });
    expect(send).toHaveBeenCalledTimes(4);
    status = 201;
    uploads.retry(key);
    await vi.waitFor(() => {
      expect(at(uploads, key)?.kind).toBe('done');
    });
  });

  it('asks for another form where the storage did not take the first, or its time is over', async () => {
    const ask = asking();
    const statuses = [403, 0, 0, 0, 0, 201];
    const send: typeof post = () => Promise.resolve(statuses.shift() ?? 0);
    let now = NOW;
    const uploads = new Uploads(ask, () => now, send, atOnce);
    const { key } = uploads.start('one', file());
    await vi.waitFor(() => {
      expect(at(uploads, key)).toEqual({ kind: 'failed', said: { key: 'upload.refused' } });
    });
    uploads.retry(key);
    await vi.waitFor(() => {
      expect(at(uploads, key)).toEqual({ kind: 'failed', said: { key: 'error.network' } });
    });
    now += 60 * 60_000;
    uploads.retry(key);
    await vi.waitFor(() => {
      expect(at(uploads, key)).toMatchObject({ kind: 'done', uploaded: { id: 'f3' } });
    });
  });

  it('that the service does not allow says why, at once', async () => {
    const said = { key: 'error.limit', values: { message: 'too much' } } as const;
    const uploads = new Uploads(
      () => Promise.resolve(said),
      () => NOW,
    );
    const { key } = uploads.start('one', file());
    await vi.waitFor(() => {
      expect(at(uploads, key)).toEqual({ kind: 'failed', said });
    });
  });

  it('that is cancelled is gone, and its turn goes to another', async () => {
    const { waiting, send } = storage();
    const uploads = new Uploads(asking(), () => NOW, send, atOnce);
    const drafts = ['a', 'b', 'c', 'd'].map((name) => uploads.start('one', file(name)));
    await vi.waitFor(() => {
      expect(waiting).toHaveLength(3);
    });
    uploads.drop(drafts[0]?.key ?? '');
    await vi.waitFor(() => {
      expect(waiting).toHaveLength(4);
    });
    expect(uploads.all().size).toBe(3);
  });
});

describe('files of a draft that was kept', () => {
  it('are read if they are such', () => {
    const one = { key: 'k', name: 'a', contentType: 'image/png', size: 1 };
    expect(areFiles(undefined)).toBe(true);
    expect(areFiles([one, { ...one, uploaded: { id: 'f', until: 'x' } }])).toBe(true);
    for (const other of [null, {}, [null], [{ ...one, size: '1' }], [{ ...one, uploaded: {} }]]) {
      expect(areFiles(other)).toBe(false);
    }
  });
});
