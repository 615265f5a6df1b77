import { expect, test, vi } from 'vitest';
import { MOST_FILES } from '../../src/upload/picked';
import type { post } from '../../src/upload/post';
import { Failure } from './api';
import { Files } from './files';
import type { Service } from './service';
import { kept } from './testing/conversation';

const file = (name = 'a.png', size = 5) =>
  new File([new Uint8Array(size)], name, { type: 'image/png' });

/** A service that allows each upload under a number, or refuses it. */
function service(refusal?: string): Pick<Service, 'execute'> {
  let count = 0;
  const execute = () => {
    const upload = { id: `f${++count}`, url: 'https://storage.example/', fields: [] };
    const refused = { upload: null, userErrors: [{ code: refusal }] };
    const createUpload = refusal === undefined ? { upload, userErrors: [] } : refused;
    return Promise.resolve({ createUpload });
  };
  return { execute: execute as unknown as Service['execute'] };
}

const answering =
  (status: number): typeof post =>
  () =>
    Promise.resolve(status);
const states = (files: Files) =>
  files.shown.state.all.map(({ name, id, problem }) => [name, id, problem]);

test('a file that is there can be sent, once, and outlives the page', async () => {
  const tab = kept();
  const files = new Files(service(), tab, answering(201));
  expect(files.add([file('one.png'), file('two.png')])).toBeNull();
  await vi.waitFor(() => {
    expect(states(files)).toEqual([
      ['one.png', 'f1', null],
      ['two.png', 'f2', null],
    ]);
  });
  const again = new Files(service(), tab);
  again.remove('f1');
  expect(again.take()).toEqual([{ id: 'f2', name: 'two.png' }]);
  expect(again.take()).toEqual([]);
  expect(new Files(service(), tab).shown.state.all).toEqual([]);
});

test('what does not arrive says why, and is tried again', async () => {
  let status = 0;
  const files = new Files(service(), kept(), () => Promise.resolve(status));
  files.add([file()]);
  await vi.waitFor(() => {
    expect(states(files)).toEqual([['a.png', null, 'NETWORK']]);
  });
  status = 201;
  files.retry(files.shown.state.all[0]?.key ?? '');
  await vi.waitFor(() => {
    expect(states(files)).toEqual([['a.png', 'f2', null]]);
  });
});

test('what the service does not allow, or does not answer, says so', async () => {
  const refused = new Files(service('LIMIT'), kept());
  refused.add([file()]);
  const execute = () => Promise.reject(new Failure('UNAVAILABLE', true));
  const failed = new Files({ execute }, kept());
  failed.add([file()]);
  await vi.waitFor(() => {
    expect(states(refused)).toEqual([['a.png', null, 'LIMIT']]);
    expect(states(failed)).toEqual([['a.png', null, 'UNAVAILABLE']]);
  });
});

test('a file that is taken away while it is sent is ended, and comes back no more', async () => {
  let ended = false;
  const send: typeof post = (_form, _file, _progress, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        ended = true;
        resolve(0);
      });
    });
  const files = new Files(service(), kept(), send);
  files.add([file()]);
  const key = files.shown.state.all[0]?.key ?? '';
  await vi.waitFor(() => {
    files.remove(key);
    expect(ended || files.shown.state.all.length === 0).toBe(true);
  });
  expect(files.shown.state.all).toEqual([]);
});

test('there are as many as a message has room for', () => {
  const files = new Files(service(), kept(), answering(201));
  const many = Array.from({ length: MOST_FILES + 1 }, (_, index) => file(`${index}`));
  expect(files.add(many)).toBe('tooMany');
  expect(files.add([file('empty', 0)])).toBe('empty');
  expect(files.shown.state.all).toHaveLength(MOST_FILES);
});
