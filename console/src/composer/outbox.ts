import { pause } from '../apollo/pause';
import { codeOf } from '../error/code';
import { sayFault } from '../error/fault';
import type { Said } from '../error/refusal';
import type { DraftFile } from '../upload/uploads';
import type { Keeper } from './left';

/** The quoted message. */
export interface Quote {
  id: string;
  seq: number;
  author: string;
  text: string;
}

/** A message or note on its way. */
export interface Outgoing {
  /** It is sent with this id however often: the service takes it once. */
  id: string;
  sessionId: string;
  isNote: boolean;
  text: string;
  quote?: Quote | undefined;
  /** The files, all of them at the service. */
  files?: readonly DraftFile[] | undefined;
  readUpToSeq?: number | undefined;
  at: string;
  state: OutgoingState;
}

export type OutgoingState =
  | { kind: 'sending' }
  /** The service was not reached; it is tried again by itself. */
  | { kind: 'waiting'; said: Said }
  /** It will not be sent unless somebody says so. */
  | { kind: 'failed'; said: Said; code?: string | undefined };

/** Why the service did not take it; `undefined` when it did. */
export type Send = (outgoing: Outgoing) => Promise<{ said: Said; code: string } | undefined>;

// A repeated request may succeed after these.
const PASSING = ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED'];

/** So many may be on their way at once. */
export const MOST_OUTGOING = 50;

/**
 * The messages that the service has not accepted yet. It sends one after the other in each session,
 * to keep their order, and stores them where the next page finds them.
 */
export class Outbox {
  #outgoing: readonly Outgoing[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #sending = new Set<string>();
  readonly #hurry = new Map<string, () => void>();

  readonly #send: Send;
  readonly #keeper: Keeper;
  readonly #wait: (tries: number) => Promise<void>;

  constructor(send: Send, keeper: Keeper, wait: (tries: number) => Promise<void> = pause) {
    this.#send = send;
    this.#keeper = keeper;
    this.#wait = wait;
  }

  readonly all = (): readonly Outgoing[] => this.#outgoing;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sends something as soon as it can be; false when too much is on its way. */
  add(outgoing: Omit<Outgoing, 'state'>): boolean {
    if (this.#outgoing.length >= MOST_OUTGOING) return false;
    this.#set([...this.#outgoing, { ...outgoing, state: { kind: 'sending' } }]);
    void this.#run(outgoing.sessionId);
    return true;
  }

  /** Takes over what another page left behind; what it is now. */
  takeOver(left: readonly Outgoing[]): readonly Outgoing[] {
    const news = left.filter(({ id }) => !this.#outgoing.some((one) => one.id === id));
    if (news.length === 0) return news;
    this.#set([...news, ...this.#outgoing]);
    for (const { sessionId } of news) void this.#run(sessionId);
    return news;
  }

  /** Tells whether a message waits that only this browser has. */
  readonly isWaiting = (): boolean => this.#outgoing.some(({ state }) => state.kind !== 'failed');

  retry(id: string): void {
    const found = this.#outgoing.find((one) => one.id === id);
    if (found === undefined) return;
    this.#mark(id, { kind: 'sending' });
    this.#hurry.get(found.sessionId)?.();
    void this.#run(found.sessionId);
  }

  discard(id: string): void {
    const found = this.#outgoing.find((one) => one.id === id);
    this.#set(this.#outgoing.filter((one) => one.id !== id));
    if (found !== undefined) this.#hurry.get(found.sessionId)?.();
  }

  async #run(sessionId: string): Promise<void> {
    if (this.#sending.has(sessionId)) return;
    this.#sending.add(sessionId);
    let tries = 0;
    let next: Outgoing | undefined;
    while ((next = this.#next(sessionId)) !== undefined) {
      if (await this.#try(next)) tries = 0;
      else await this.#pause(sessionId, tries++);
    }
    this.#sending.delete(sessionId);
  }

  #next(sessionId: string): Outgoing | undefined {
    return this.#outgoing.find((one) => one.sessionId === sessionId && one.state.kind !== 'failed');
  }

  /** Sends a message. Answers true if the service accepted or refused it. */
  async #try(outgoing: Outgoing): Promise<boolean> {
    try {
      const refused = await this.#send(outgoing);
      if (refused === undefined) this.discard(outgoing.id);
      else this.#mark(outgoing.id, { kind: 'failed', ...refused });
      return true;
    } catch (error) {
      const code = codeOf(error);
      const passes = code !== undefined && PASSING.includes(code);
      const said = { key: sayFault(error) };
      this.#mark(outgoing.id, passes ? { kind: 'waiting', said } : { kind: 'failed', said, code });
      return !passes;
    }
  }

  async #pause(sessionId: string, tries: number): Promise<void> {
    const hurried = new Promise<void>((resolve) => this.#hurry.set(sessionId, resolve));
    await Promise.race([this.#wait(tries), hurried]);
    this.#hurry.delete(sessionId);
  }

  #mark(id: string, state: OutgoingState): void {
    this.#set(this.#outgoing.map((one) => (one.id === id ? { ...one, state } : one)));
  }

  #set(outgoing: readonly Outgoing[]): void {
    const before = this.#outgoing;
    this.#outgoing = outgoing;
    for (const one of outgoing) if (!before.includes(one)) this.#keeper.put(one);
    for (const { id } of before) {
      if (!outgoing.some((one) => one.id === id)) this.#keeper.drop(id);
    }
    this.#listeners.forEach((listener) => {
      listener();
    });
  }
}
