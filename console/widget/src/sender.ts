import type { Entry } from './dialog';
import { PostMessageDocument } from './generated/operations';
import type { Outbox, Outgoing } from './outbox';
import { BARRED, failureOf, type Service } from './service';
import { Backoff } from './wait';

/** Refusals that pass by themselves: the message is sent again after a while. */
const PASSING_REFUSALS = new Set(['LIMIT']);

/** Sends what is in the outbox, one after the other, so that the order is kept. */
export class Sender {
  private isRunning = false;
  private currentProblem: string | null = null;

  constructor(
    private readonly outbox: Outbox,
    private readonly service: Pick<Service, 'execute'>,
    private readonly on: {
      /** It stands in the conversation now. */
      sent: (outgoing: Outgoing, entry: Entry) => void;
      /** The outbox or the problem is another. */
      changed: () => void;
    },
    private readonly backoff: Backoff = new Backoff(1_000, 30_000),
  ) {}

  /** Why the messages wait, as a code; null while nothing is in the way. */
  get problem(): string | null {
    return this.currentProblem;
  }

  /** Sends what waits, in its turn. */
  flush(): void {
    if (!this.isRunning) void this.run();
  }

  /** Sends what waits, and does not wait for the next try. */
  hurry(): void {
    this.backoff.wake();
    this.flush();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      for (let next = this.outbox.next(); next !== null; next = this.outbox.next()) {
        if (!(await this.send(next))) break;
      }
    } finally {
      this.isRunning = false;
    }
  }

  /** Tries one message; false when there is no sense in going on. */
  private async send(outgoing: Outgoing): Promise<boolean> {
    const { clientMessageId, text, files } = outgoing;
    try {
      const attachmentIds = files?.map(({ id }) => id);
      const variables = { text, clientMessageId, attachmentIds };
      const { postMessage } = await this.service.execute(PostMessageDocument, variables);
      const refusal = postMessage.userErrors[0]?.code;
      if (postMessage.message !== null) {
        this.outbox.remove(clientMessageId);
        this.settle(null);
        this.on.sent(outgoing, postMessage.message);
        return true;
      }
      return await this.refused(clientMessageId, refusal ?? 'INTERNAL', 0);
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.code === BARRED) {
        this.settle(BARRED);
        return false;
      }
      if (failure.isPassing) return this.pause(failure.code, failure.retryAfterMillis);
      return this.refused(clientMessageId, failure.code, failure.retryAfterMillis);
    }
  }

  private async refused(id: string, code: string, atLeastMillis: number): Promise<boolean> {
    if (PASSING_REFUSALS.has(code)) return this.pause(code, atLeastMillis);
    this.outbox.mark(id, code);
    this.settle(null);
    return true;
  }

  private async pause(code: string, atLeastMillis: number): Promise<boolean> {
    this.currentProblem = code;
    this.on.changed();
    await this.backoff.wait(atLeastMillis);
    // Until the next answer the message counts as being sent.
    this.currentProblem = null;
    this.on.changed();
    return true;
  }

  private settle(problem: string | null): void {
    this.currentProblem = problem;
    this.backoff.reset();
    this.on.changed();
  }
}
