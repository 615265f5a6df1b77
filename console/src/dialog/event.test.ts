import { describe, expect, it } from 'vitest';
import { catalogue } from '../language/catalogue';
import { sayEvent } from './event';
import type { Entry } from './rows';

type Event = NonNullable<Entry['event']>;

const author = { __typename: 'Employee', id: 'sue', name: 'Sue' } as const;
const person = (name: string) => ({ __typename: 'Employee', id: name, name }) as const;
const event = (kind: string, more: Partial<Event> = {}): Event => ({
  __typename: 'SessionEvent',
  kind: kind as Event['kind'],
  from: null,
  to: null,
  name: null,
  item: null,
  aboutSeq: null,
  text: null,
  ...more,
});

describe('something that happened', () => {
  it('is said in every language, whatever it was', () => {
    const ofSessions = ['CLAIMED', 'ASSIGNED', 'RETURNED', 'RENAMED', 'BOUND', 'UNBOUND', 'CLOSED'];
    const ofClients = ['EDITED', 'DELETED', 'BLOCKED', 'UNBLOCKED'];
    const kinds = [...ofSessions, ...ofClients];
    for (const kind of kinds) {
      const said = sayEvent({ event: event(kind), author });
      for (const texts of Object.values(catalogue)) {
        expect(texts[said?.key ?? 'dialog.gone']).toContain('{who}');
      }
    }
  });

  it('says from whom a session was handed on, if anybody had it', () => {
    const [ann, bob] = [person('Ann'), person('Bob')];
    expect(sayEvent({ event: event('ASSIGNED', { to: bob }), author })).toMatchObject({
      key: 'dialog.event.assigned',
      values: { who: 'Sue', to: 'Bob' },
    });
    expect(sayEvent({ event: event('ASSIGNED', { from: ann, to: bob }), author })).toMatchObject({
      key: 'dialog.event.handed',
      values: { from: 'Ann', to: 'Bob' },
    });
  });

  it('is left to its own words when it is not known', () => {
    expect(sayEvent({ event: event('MERGED'), author })).toBeUndefined();
    expect(sayEvent({ event: null, author })).toBeUndefined();
  });
});
