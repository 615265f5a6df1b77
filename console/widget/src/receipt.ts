import { MarkReadDocument } from './generated/operations';
import { isNumber, type Kept } from './kept';
import type { Service } from './service';

/** The pause after a failure. Nobody waits for it. */
const PAUSE_MILLIS = 20_000;

/** Says to the service which answers the visitor has seen. */
export class Receipt {
  private wanted = 0;
  private isSaying = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Another one for each client that the visitor becomes. */
  private visitor = 0;

  constructor(
    private readonly service: Pick<Service, 'execute'>,
    /** Of this visitor, on all pages: what one tab has said, no other says again. */
    private readonly kept: Kept,
  ) {}

  /** The visitor has seen the conversation up to this answer. */
  seen(seq: number): void {
    this.wanted = Math.max(this.wanted, seq);
    void this.say();
  }

  /** The visitor has become another client. */
  forget(): void {
    this.stop();
    this.visitor += 1;
    this.wanted = 0;
    this.kept.write('marked', null);
  }

  /** Ends it: nothing is said any more. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private said(): number {
    return this.kept.read('marked', isNumber) ?? 0;
  }

  private async say(): Promise<void> {
    if (this.isSaying) return;
    this.isSaying = true;
    clearTimeout(this.timer);
    const { visitor } = this;
    try {
      while (this.wanted > this.said()) {
        const upToSeq = this.wanted;
        const { markConversationRead } = await this.service.execute(MarkReadDocument, { upToSeq });
        if (visitor !== this.visitor || markConversationRead.userErrors.length > 0) break;
        this.kept.write('marked', upToSeq);
      }
    } catch {
      // The visitor notices nothing of it.
      if (visitor === this.visitor) this.timer = setTimeout(() => void this.say(), PAUSE_MILLIS);
    } finally {
      this.isSaying = false;
      if (visitor !== this.visitor) void this.say();
    }
  }
}
