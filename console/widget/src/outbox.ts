import { areUploaded, type Uploaded } from './files';
import { isNumber, isRecord, isText, type Kept } from './kept';

/** A message that was written and does not stand in the conversation yet. */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly text: string;
  /** The files; missing in a message that an earlier version kept. */
  readonly files?: readonly Uploaded[];
  /** By the clock of this machine, in milliseconds. */
  readonly writtenAt: number;
  /** Why it was refused for good; null while it is still to be sent. */
  readonly refusal: string | null;
}

/** Each message stands under a key of its own, so that two tabs that write at once lose none. */
const KEY = 'outbox';
/** The largest number of waiting messages. */
export const MOST_OUTGOING = 50;

/** Tells whether a changed key belongs to a waiting message. */
export const isOfOutbox = (key: string): boolean => key.startsWith(KEY);

/**
 * The messages that are to be sent, in order. They are kept where all tabs of the page see them,
 * and each has its own id: that two tabs send the same one does no harm, because the service
 * answers the second with the first result. So no lock stands between the tabs; the price is a
 * request more now and then.
 */
export class Outbox {
  /** The last time that was given to a message of this tab. */
  private last = 0;

  constructor(private readonly kept: Kept) {
    this.take();
  }

  all(): readonly Outgoing[] {
    return this.kept
      .keys(`${KEY} `)
      .map((key) => this.kept.read(key, isOutgoing))
      .filter((outgoing) => outgoing !== null)
      .sort(
        (one, other) =>
          one.writtenAt - other.writtenAt || (one.clientMessageId < other.clientMessageId ? -1 : 1),
      );
  }

  /** The one to be sent next: those that were refused for good do not hold up the others. */
  next(): Outgoing | null {
    return this.all().find((outgoing) => outgoing.refusal === null) ?? null;
  }

  isFull(): boolean {
    return this.kept.keys(`${KEY} `).length >= MOST_OUTGOING;
  }

  /** Its time is its place: later than that of those this tab wrote before, whatever the clock says. */
  add(outgoing: Outgoing): void {
    const writtenAt = Math.max(outgoing.writtenAt, this.last + 1);
    this.last = writtenAt;
    this.keep({ ...outgoing, writtenAt });
  }

  /** It stands in the conversation, or is given up. */
  remove(clientMessageId: string): void {
    this.kept.write(`${KEY} ${clientMessageId}`, null);
  }

  /** It was refused for good (a reason), or is to be tried again (null). */
  mark(clientMessageId: string, refusal: string | null): void {
    const outgoing = this.kept.read(`${KEY} ${clientMessageId}`, isOutgoing);
    if (outgoing !== null) this.keep({ ...outgoing, refusal });
  }

  private keep(outgoing: Outgoing): void {
    this.kept.write(`${KEY} ${outgoing.clientMessageId}`, outgoing);
  }

  /** Takes over what stands in one list, as it was kept before. */
  private take(): void {
    for (const outgoing of this.kept.read(KEY, isOutbox) ?? []) this.add(outgoing);
    this.kept.write(KEY, null);
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
    (value.files === undefined || areUploaded(value.files)) &&
    isNumber(value.writtenAt) &&
    (value.refusal === null || isText(value.refusal))
  );
}

/** An id for a message; `crypto.randomUUID` is not there on pages without TLS. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
