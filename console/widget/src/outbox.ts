import { isNumber, isRecord, isText, type Kept } from './kept';

/** A message that was written and does not stand in the conversation yet. */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly text: string;
  /** By the clock of this machine, in milliseconds. */
  readonly writtenAt: number;
  /** Why it was refused for good; null while it is still to be sent. */
  readonly refusal: string | null;
}

const KEY = 'outbox';
/** How many messages may wait. */
export const MOST_OUTGOING = 50;

/**
 * The messages that are to be sent, in order. They are kept where all tabs of the page see them,
 * and each has its own id: that two tabs send the same one does no harm, because the service
 * answers the second with the first result.
 */
export class Outbox {
  constructor(private readonly kept: Kept) {}

  all(): readonly Outgoing[] {
    return this.kept.read(KEY, isOutbox) ?? [];
  }

  /** The one to be sent next: those that were refused for good do not hold up the others. */
  next(): Outgoing | null {
    return this.all().find((outgoing) => outgoing.refusal === null) ?? null;
  }

  isFull(): boolean {
    return this.all().length >= MOST_OUTGOING;
  }

  add(outgoing: Outgoing): void {
    this.keep([...this.all(), outgoing]);
  }

  /** It stands in the conversation, or is given up. */
  remove(clientMessageId: string): void {
    const all = this.all();
    const rest = all.filter((outgoing) => outgoing.clientMessageId !== clientMessageId);
    if (rest.length < all.length) this.keep(rest);
  }

  /** It was refused for good (a reason), or is to be tried again (null). */
  mark(clientMessageId: string, refusal: string | null): void {
    this.keep(
      this.all().map((outgoing) =>
        outgoing.clientMessageId === clientMessageId ? { ...outgoing, refusal } : outgoing,
      ),
    );
  }

  private keep(all: readonly Outgoing[]): void {
    this.kept.write(KEY, all.length === 0 ? null : all);
  }
}

function isOutbox(value: unknown): value is Outgoing[] {
  return Array.isArray(value) && value.length <= MOST_OUTGOING && value.every(isOutgoing);
}

function isOutgoing(value: unknown): value is Outgoing {
  return (
    isRecord(value) &&
    isText(value.clientMessageId) &&
    isText(value.text) &&
    isNumber(value.writtenAt) &&
    (value.refusal === null || isText(value.refusal))
  );
}

/** An id for a message; `crypto.randomUUID` is not there on pages without TLS. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
