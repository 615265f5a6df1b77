import { expect, test, vi } from 'vitest';
import { isText } from './kept';
import { claim, onReleased, release } from './owner';
import { kept, storage } from './testing/conversation';

/** The token and the tab's state left after these visitors used one browser in turn. */
function left(...emails: (string | null)[]) {
  const [disk, tab] = [storage(), storage()];
  emails.forEach((email, at) => {
    claim(kept(disk), kept(tab), email);
    if (at < emails.length - 1) {
      kept(disk).write('token', `of ${email}`);
      kept(tab).write('open', 'yes');
    }
  });
  return [kept(disk).read('token', isText), kept(tab).read('open', isText)];
}

test('who was named and is named no more leaves nothing behind', () => {
  expect(left('alice@a.example', null)).toEqual([null, null]);
  expect(left('alice@a.example', null, 'alice@a.example')).not.toContain('of alice@a.example');
});

test('another who is named finds nothing of the one before', () => {
  expect(left('alice@a.example', 'bob@a.example')).toEqual([null, null]);
});

test('the same person, and a stranger who is named later, go on', () => {
  expect(left('alice@a.example', 'alice@a.example')).toEqual(['of alice@a.example', 'yes']);
  expect(left(null, 'alice@a.example')).toEqual(['of null', 'yes']);
  expect(left(null, null)).toEqual(['of null', 'yes']);
});

test('an owner that an older version kept as it was written is the same person', () => {
  const [disk, tab] = [storage(), storage()];
  kept(disk).write('owner', ' Alice@A.example ');
  kept(disk).write('token', 'hers');
  claim(kept(disk), kept(tab), 'alice@a.example');
  expect(kept(disk).read('token', isText)).toBe('hers');
});

test('nothing is kept behind the end', () => {
  const disk = storage();
  const gone = kept(disk);
  gone.close();
  gone.write('token', 'late');
  expect(kept(disk).read('token', isText)).toBeNull();
});

test('a tab forgets its own visitor, although another tab has made room before', () => {
  const [disk, tab] = [storage(), storage()];
  claim(kept(disk), kept(tab), 'alice@a.example');
  kept(tab).write('draft', 'of Alice');
  claim(kept(disk), kept(storage()), 'bob@a.example');
  claim(kept(disk), kept(tab), 'bob@a.example');
  expect(kept(tab).read('draft', isText)).toBeNull();
});

test('what another visitor stores is neither read nor written nor forgotten', () => {
  const disk = storage();
  const [hers, his] = [kept(disk), kept(disk)];
  claim(hers, kept(storage()), 'alice@a.example');
  hers.write('token', 'hers');
  claim(his, kept(storage()), 'bob@a.example');
  his.write('token', 'his');
  expect(hers.isForeign()).toBe(true);
  expect(hers.read('token', isText)).toBeNull();
  hers.write('token', 'hers again');
  hers.clear();
  release(kept(disk), kept(storage()), 'alice@a.example');
  expect(his.read('token', isText)).toBe('his');
  release(kept(disk), kept(storage()), 'bob@a.example');
  expect(disk).toHaveLength(0);
});

/** Calls the listeners of a page as the browser does. */
function page() {
  const heard = new Map<string, Set<(event: object) => void>>();
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    heard.set(type, (heard.get(type) ?? new Set()).add(listener));
  });
  vi.stubGlobal('removeEventListener', (type: string, listener: () => void) => {
    heard.get(type)?.delete(listener);
  });
  return (type: string, event: object = {}) => {
    heard.get(type)?.forEach((listener) => {
      listener(event);
    });
  };
}

test('a tab hears that another one made room, or forgot the visitor', () => {
  const disk = storage();
  const mine = kept(disk);
  claim(mine, kept(storage()), 'alice@a.example');
  const tell = page();
  const released = vi.fn();
  const stop = onReleased(mine, released);
  const say = (key: string | null, storageArea = disk) => {
    tell('storage', { key: key === null ? null : `chat-widget test ${key}`, storageArea });
  };
  mine.write('token', { token: 'hers' });
  for (const key of ['token', 'owner', 'read', null]) say(key);
  tell('pageshow');
  expect(released).not.toHaveBeenCalled();
  mine.write('token', null);
  say('token', storage());
  expect(released).not.toHaveBeenCalled();
  say('token');
  say(null);
  expect(released).toHaveBeenCalledTimes(2);
  disk.clear();
  say('owner');
  tell('pageshow');
  expect(released).toHaveBeenCalledTimes(4);
  stop();
  say('owner');
  tell('pageshow');
  expect(released).toHaveBeenCalledTimes(4);
});
