import { expect, it } from 'vitest';
import { hindranceOf } from './hindrance';

const channel = {
  __typename: 'Channel',
  id: 'c',
  kind: 'WHATSAPP',
  name: 'Phone',
  canReply: true,
} as const;
const bob = { __typename: 'Employee', id: 'bob', name: 'Bob' } as const;
const mine = { channel, operator: bob, viewerCanReply: true };

it('hinders nobody who can reply in time', () => {
  expect(hindranceOf(mine, false)).toBeUndefined();
});

it('says that the messenger waits for the client, to whomever the session belongs', () => {
  const late = { is: 'late', channel };
  expect(hindranceOf(mine, true)).toEqual(late);
  expect(hindranceOf({ ...mine, viewerCanReply: false }, true)).toEqual(late);
});

it('says that the channel takes no replies before anything else', () => {
  const facts = { ...mine, channel: { ...channel, canReply: false }, viewerCanReply: false };
  expect(hindranceOf(facts, true)).toEqual({ is: 'noWayOut', channel: 'Phone' });
  // The channel is heard of on its own.
  const heard = { ...facts, viewerCanReply: true };
  expect(hindranceOf(heard, false)).toEqual({ is: 'noWayOut', channel: 'Phone' });
});

it('says who can reply', () => {
  const facts = { ...mine, viewerCanReply: false };
  expect(hindranceOf(facts, false)).toEqual({ is: 'taken', name: 'Bob' });
  expect(hindranceOf({ ...facts, operator: null }, false)).toEqual({ is: 'queued' });
});
