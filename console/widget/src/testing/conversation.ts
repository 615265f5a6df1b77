import { vi } from 'vitest';
import { Failure } from '../api';
import type { Entry } from '../dialog';
import {
  ConversationPageDocument,
  MarkReadDocument,
  PostMessageDocument,
} from '../generated/operations';
import { Kept } from '../kept';

/** A storage as browsers have it, without a browser. */
export function storage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => {
      values.clear();
    },
    getItem: (key) => values.get(key) ?? null,
    key: (index) => [...values.keys()][index] ?? null,
    removeItem: (key) => void values.delete(key),
    setItem: (key, value) => void values.set(key, value),
  };
}

/** Makes the visitor's data in a storage of its own. */
export function kept(of: Storage = storage()): Kept {
  vi.stubGlobal('addEventListener', () => undefined);
  return new Kept('test', () => of);
}

export function entry(seq: number, by = 'me', text = `text ${seq}`): Entry {
  return {
    id: `id-${seq}`,
    seq,
    text,
    sentAt: new Date(Date.UTC(2026, 2, 1, 12, seq)).toISOString(),
    clientMessageId: by === 'me' ? `message-${seq}` : null,
    author: { name: by, viewerIsAuthor: by === 'me' },
    replyTo: null,
    attachments: [],
  };
}

export function entries(first: number, last: number, by = 'me'): Entry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => entry(first + index, by));
}

/** The service's side of one conversation: pages, messages that are posted, and failures. */
export class Conversation {
  readonly asked: string[] = [];
  /** Thrown by the next requests, one each; null lets one through. */
  failures: (Failure | null)[] = [];
  /** Codes with which the next messages are refused; null lets one through. */
  refusals: (string | null)[] = [];

  constructor(public standing: Entry[] = []) {}

  readonly service = {
    execute: async (document: object, variables: unknown): Promise<never> => {
      await Promise.resolve();
      const failure = this.failures.shift();
      if (failure) throw failure;
      return this.answer(document, variables) as never;
    },
  };

  page(last: number, before: string | null) {
    const end = before === null ? Infinity : Number(before);
    const until = this.standing.filter((one) => one.seq < end);
    const nodes = until.slice(-last);
    return {
      nodes,
      pageInfo: {
        hasPreviousPage: nodes.length < until.length,
        startCursor: nodes[0] === undefined ? null : String(nodes[0].seq),
      },
    };
  }

  private answer(document: object, variables: unknown): unknown {
    if (document === ConversationPageDocument) {
      const { last, before } = variables as { last: number; before: string | null };
      this.asked.push(`page ${last} before ${before}`);
      return { conversation: { liveChat: { name: 'Support' }, messages: this.page(last, before) } };
    }
    if (document === PostMessageDocument) {
      const { text, clientMessageId } = variables as { text: string; clientMessageId: string };
      this.asked.push(`post ${text}`);
      const code = this.refusals.shift();
      if (code) return { postMessage: { message: null, userErrors: [{ code }] } };
      return { postMessage: { message: this.post(text, clientMessageId), userErrors: [] } };
    }
    if (document === MarkReadDocument) {
      this.asked.push(`seen ${(variables as { upToSeq: number }).upToSeq}`);
      return { markConversationRead: { userErrors: [] } };
    }
    this.asked.push('typing');
    return { setConversationTyping: { userErrors: [] } };
  }

  private post(text: string, clientMessageId: string): Entry {
    const first = this.standing.find((one) => one.clientMessageId === clientMessageId);
    if (first !== undefined) return first;
    const posted = { ...entry(this.standing.length + 1, 'me', text), clientMessageId };
    this.standing.push(posted);
    return posted;
  }
}

export const noNetwork = new Failure('NETWORK', true);
