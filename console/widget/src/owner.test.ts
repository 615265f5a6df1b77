import { expect, test } from 'vitest';
import { isText } from './kept';
import { claim } from './owner';
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
