import { Failure, requestToken, type GivenToken, type TokenWish } from './api';
import { isNumber, isRecord, isText, type Kept } from './kept';

/** A token as it is kept. */
interface KeptToken {
  readonly token: string;
  /** By the clock of the service, in milliseconds. */
  readonly expiresAt: number;
  /** By the clock of this machine, in milliseconds. */
  readonly obtainedAt: number;
  /** The visitor as the page named them: a change of it needs a new token. */
  readonly name: string | null;
  readonly email: string | null;
  /** True when a socket opens with a ticket only, as the service said with the token. */
  readonly needsSocketTicket?: boolean | undefined;
}

/** A visitor as the page knows them. */
interface Visitor {
  readonly name: string | null;
  readonly email: string | null;
}

const KEY = 'token';
/** The time before its end at which a token is renewed. */
const RENEWAL_MILLIS = 60 * 60 * 1000;
/** A clock that is wrong must not make every request a renewal. */
const PAUSE_MILLIS = 10 * 60 * 1000;

/** The visitor's token: asked for when it is needed first, kept, and renewed before its end. */
export class Token {
  private pending: Promise<string> | null = null;
  private refusedToken: string | null = null;

  constructor(
    private readonly kept: Kept,
    private readonly api: string,
    private readonly liveChatId: string,
    private readonly visitor: Visitor,
    /** Called when the old token is no good any more, and the visitor has become another client. */
    private readonly onStranger: () => void,
    private readonly now: () => number = Date.now,
    private readonly ask: (api: string, wish: TokenWish) => Promise<GivenToken> = requestToken,
  ) {}

  /** A token that is good. */
  get(): Promise<string> {
    const current = this.current();
    if (current !== null && !this.isDue(current)) return Promise.resolve(current.token);
    this.pending ??= this.obtain(current).finally(() => (this.pending = null));
    return this.pending;
  }

  /** Says that the service did not take this token, whatever the clock says. */
  refuse(token: string): void {
    this.refusedToken = token;
  }

  /** Tells whether the service said that a socket opens with a ticket only. */
  needsSocketTicket(): boolean {
    return this.current()?.needsSocketTicket === true;
  }

  /** Returns the milliseconds until the token must be renewed. Null without a token. */
  renewalIn(): number | null {
    const current = this.current();
    return current === null ? null : current.expiresAt - RENEWAL_MILLIS - this.now();
  }

  private current(): KeptToken | null {
    return this.kept.read(KEY, isKeptToken);
  }

  private isDue(current: KeptToken): boolean {
    if (current.token === this.refusedToken) return true;
    if (current.name !== this.visitor.name || current.email !== this.visitor.email) return true;
    const now = this.now();
    const sinceObtained = Math.abs(now - current.obtainedAt);
    return current.expiresAt - now < RENEWAL_MILLIS && sinceObtained > PAUSE_MILLIS;
  }

  private async obtain(current: KeptToken | null): Promise<string> {
    try {
      return this.keep(await this.wish(current?.token), current);
    } catch (failure) {
      const isRefused = failure instanceof Failure && failure.code === 'UNAUTHENTICATED';
      if (current !== null && isRefused) {
        this.kept.write(KEY, null);
        this.onStranger();
        return this.keep(await this.wish(undefined), null);
      }
      // Not renewed, but perhaps good for a while.
      const mayBeGood = current !== null && current.token !== this.refusedToken;
      if (mayBeGood && current.expiresAt > this.now()) return current.token;
      throw failure;
    }
  }

  /** Keeps a token; of two tabs that asked for their first at once, both take the earlier. */
  private keep(given: GivenToken, before: KeptToken | null): string {
    const other = before === null ? this.current() : null;
    if (other !== null) return other.token;
    const expiresAt = Date.parse(given.expiresAt);
    const token: KeptToken = {
      token: given.token,
      expiresAt: Number.isFinite(expiresAt) ? expiresAt : this.now() + PAUSE_MILLIS,
      obtainedAt: this.now(),
      name: this.visitor.name,
      email: this.visitor.email,
      needsSocketTicket: given.needsSocketTicket,
    };
    this.kept.write(KEY, token);
    return token.token;
  }

  /** Asks with all that is known; what the service finds wrong about the visitor is left out. */
  private async wish(token: string | undefined): Promise<GivenToken> {
    const wish: TokenWish = {
      liveChatId: this.liveChatId,
      name: this.visitor.name ?? undefined,
      email: this.visitor.email ?? undefined,
      token,
    };
    for (;;) {
      try {
        return await this.ask(this.api, wish);
      } catch (failure) {
        const field = failure instanceof Failure ? failure.field : null;
        if ((field !== 'name' && field !== 'email') || wish[field] === undefined) throw failure;
        console.error(`Chat widget: data-${field} is not accepted, and left out.`);
        wish[field] = undefined;
      }
    }
  }
}

function isKeptToken(value: unknown): value is KeptToken {
  return (
    isRecord(value) &&
    isText(value.token) &&
    isNumber(value.expiresAt) &&
    isNumber(value.obtainedAt) &&
    (value.name === null || isText(value.name)) &&
    (value.email === null || isText(value.email))
  );
}
