import { describe, expect, it } from 'vitest';
import { firstNew, isInVain } from './first-new';
import type { Entry } from './rows';
import { around } from './run';

interface Stored {
  session?: string;
  by?: string;
}

/** A dialog as the service has it, of which a page reads parts. */
class Stage {
  readonly #stored: Entry[];
  #read = new Set<number>();
  reads = 0;

  constructor(stored: Stored[]) {
    this.#stored = stored.map(({ session = 'now', by }, index) => entry(index + 1, session, by));
    this.take(stored.length - 49, stored.length);
  }

  entries(): Entry[] {
    return this.#stored.filter(({ seq }) => this.#read.has(seq));
  }

  /** Opens it as the page does, and says where it begins. */
  open(readSeq: number, unreadCount: number): number | undefined {
    for (;;) {
      const facts = { sessionId: 'now', myId: 'ann', readSeq, unreadCount };
      const start = firstNew({ entries: this.entries(), ...facts });
      if (start.is === 'known') return start.seq;
      this.reads += 1;
      expect(this.reads).toBeLessThan(20);
      const { aroundSeq = 0, first = 0 } = around(start.around);
      const from = Math.max(1, aroundSeq - Math.floor(first / 2));
      this.take(from, from + first - 1);
    }
  }

  take(from: number, to: number): void {
    for (let seq = from; seq <= to; seq += 1) this.#read.add(seq);
  }
}

function entry(seq: number, session: string, by = 'Zoe'): Entry {
  const id = `${seq}`;
  const isClient = by === 'Zoe';
  return {
    __typename: 'Message',
    id,
    seq,
    kind: isClient ? 'CLIENT' : 'OPERATOR',
    text: id,
    sentAt: '2026-03-01T12:00:00.000Z',
    clientMessageId: null,
    session: {
      __typename: 'Session',
      id: session,
      version: '1',
      name: session,
      firstMessageAt: '2026-03-01T12:00:00.000Z',
    },
    author: isClient
      ? { __typename: 'Client', id: by, name: by }
      : { __typename: 'Employee', id: by, name: by },
    channel: null,
    delivery: null,
    replyTo: null,
    attachments: [],
    event: null,
  };
}

const some = (count: number, stored: Stored = {}) => Array.from({ length: count }, () => stored);
const EARLIER = { session: 'before' };

describe('a dialog is opened', () => {
  it('at its end when nothing in it is unread, without reading more', () => {
    const stage = new Stage(some(80));
    expect(stage.open(80, 0)).toBeUndefined();
    const mine = new Stage([...some(80), ...some(60, { by: 'ann' })]);
    expect(mine.open(80, 0)).toBeUndefined();
    const earlier = new Stage(some(80, EARLIER));
    expect(earlier.open(0, 0)).toBeUndefined();
    expect([stage.reads, mine.reads, earlier.reads]).toEqual([0, 0, 0]);
  });

  it('at the first unread entry that is loaded, without reading more', () => {
    const stage = new Stage(some(80));
    expect(stage.open(60, 20)).toBe(61);
    expect(stage.open(30, 50)).toBe(31);
    expect(new Stage(some(3)).open(0, 3)).toBe(1);
    expect(stage.reads).toBe(0);
  });

  it('at the first unread entry above what is loaded, with one more reading', () => {
    for (const count of [51, 52, 100, 1000]) {
      const stage = new Stage(some(200 + count));
      expect(stage.open(200, count)).toBe(201);
      expect(stage.reads).toBe(1);
    }
    const whole = new Stage(some(300));
    expect(whole.open(0, 300)).toBe(1);
    expect(whole.reads).toBe(1);
  });

  it('at the first unread entry, also when it came before those that follow it', () => {
    const stage = new Stage(some(200));
    stage.take(1, 60);
    stage.take(61, 63);
    expect(stage.open(60, 140)).toBe(61);
    expect(stage.reads).toBe(1);
    expect(stage.entries().map(({ seq }) => seq)).toContain(80);
  });

  it('at the beginning of its session, of which a client who returned wrote much', () => {
    const stage = new Stage([...some(500, EARLIER), ...some(90)]);
    expect(stage.open(0, 90)).toBe(501);
    expect(stage.reads).toBe(1);
    // A supervisor's mark may be in an earlier session, and others have read what they have not.
    const watched = new Stage([...some(500, EARLIER), ...some(900)]);
    expect(watched.open(20, 0)).toBe(501);
    expect(watched.reads).toBeLessThan(10);
  });

  it('at the first, also where an operator wrote in between', () => {
    const answered = Array.from({ length: 400 }, (_, at) => ({ by: at % 2 === 0 ? 'Zoe' : 'bob' }));
    const stage = new Stage([...some(300, EARLIER), ...answered]);
    expect(stage.open(0, 200)).toBe(301);
    expect(stage.reads).toBeLessThan(10);
  });
});

describe('a part around an entry settles nothing', () => {
  // The feed has brought its first entry, before the answer.
  const entries = [{ seq: 1 }, { seq: 6 }, { seq: 7 }];

  it('when it could not be read', () => {
    expect(isInVain(entries, 1, { around: 1, came: [] })).toBe(true);
  });

  it('when all of it is here, and not a moment before', () => {
    const tried = { around: 1, came: [1, 2, 3] };
    expect(isInVain(entries, 1, tried)).toBe(false);
    expect(isInVain([...entries, { seq: 2 }], 1, tried)).toBe(false);
    expect(isInVain([...entries, { seq: 2 }, { seq: 3 }], 1, tried)).toBe(true);
  });

  it('only when it was asked for', () => {
    expect(isInVain(entries, 1, undefined)).toBe(false);
    expect(isInVain(entries, 1, { around: 2, came: [] })).toBe(false);
  });
});
