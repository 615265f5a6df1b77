import { FollowTypingDocument, SayTypingDocument } from './generated/operations';
import type { Live } from './live';
import type { Service } from './service';

/**
 * The time for which a person counts as typing. It begins when the push arrives: the visitor's
 * clock may be wrong by any amount.
 */
const COUNTS_MILLIS = 6_000;
/** The shortest time between two reports that the visitor types. */
const SAY_MILLIS = 3_000;

/** That somebody is typing, in both directions. */
export class Typing {
  private unfollow: (() => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saidAt = -Infinity;

  constructor(
    private readonly service: Pick<Service, 'execute'>,
    private readonly show: (typist: string | null) => void,
  ) {}

  /** Says that the visitor types, now and then. */
  say(): void {
    const now = Date.now();
    if (now - this.saidAt < SAY_MILLIS) return;
    this.saidAt = now;
    // A failure makes no difference to the visitor.
    this.service.execute(SayTypingDocument, {}).catch(() => undefined);
  }

  /** The visitor has sent what they typed: what they type next is said at once. */
  pause(): void {
    this.saidAt = -Infinity;
  }

  /** Listens who types an answer, once there is a socket. */
  follow(live: Pick<Live, 'follow'> | null): void {
    if (live === null || this.unfollow !== null) return;
    this.unfollow = live.follow(FollowTypingDocument, () => ({}), {
      next: ({ conversationTyping: { name } }) => {
        clearTimeout(this.timer);
        this.show(name);
        this.timer = setTimeout(() => {
          this.show(null);
        }, COUNTS_MILLIS);
      },
    });
  }

  stop(): void {
    this.unfollow?.();
    this.unfollow = null;
    this.clear();
  }

  /** Stops showing that somebody types, because the answer is there. */
  clear(): void {
    clearTimeout(this.timer);
    this.show(null);
  }
}
