import { MarkReadDocument } from './generated/operations';
import { isNumber, type Kept } from './kept';
import type { Service } from './service';

/** Says to the service which answers the visitor has seen. */
export class Receipt {
  private wanted = 0;
  private isSaying = false;

  constructor(
    private readonly service: Pick<Service, 'execute'>,
    /** Of this visitor, on all pages: what one tab has said, no other says again. */
    private readonly kept: Kept,
  ) {}

  /** The visitor has seen the conversation up to this answer. */
  seen(seq: number): void {
    if (seq <= this.wanted || seq <= this.said()) return;
    this.wanted = seq;
    if (!this.isSaying) void this.say();
  }

  /** The visitor has become another client. */
  forget(): void {
    this.wanted = 0;
    this.kept.write('marked', null);
  }

  private said(): number {
    return this.kept.read('marked', isNumber) ?? 0;
  }

  private async say(): Promise<void> {
    this.isSaying = true;
    try {
      while (this.wanted > this.said()) {
        const upToSeq = this.wanted;
        const { markConversationRead } = await this.service.execute(MarkReadDocument, { upToSeq });
        if (markConversationRead.userErrors.length > 0) break;
        if (this.wanted >= upToSeq) this.kept.write('marked', upToSeq);
      }
    } catch {
      // The visitor notices nothing of it: the next look at the dialog says it.
      this.wanted = this.said();
    } finally {
      this.isSaying = false;
    }
  }
}
