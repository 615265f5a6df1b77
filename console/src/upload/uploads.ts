import { pause } from '../apollo/pause';
import { codeOf } from '../error/code';
import { sayFault } from '../error/fault';
import type { Said } from '../error/refusal';
import { claimedType } from './picked';
import { post, type Form } from './post';

/** An uploaded file that no message has attached yet. */
export interface Uploaded {
  id: string;
  /** The time until which a message can attach it. */
  until: string;
}

/** A file of a draft. */
export interface DraftFile {
  /** Its key on this page. */
  key: string;
  name: string;
  contentType: string;
  size: number;
  /** `undefined` while the file is being uploaded. */
  uploaded?: Uploaded | undefined;
}

/** Returns true for the stored files of a draft, and for `undefined`. */
export function areFiles(value: unknown): value is readonly DraftFile[] | undefined {
  const isFile = (one: Partial<DraftFile> | null) =>
    typeof one?.key === 'string' &&
    typeof one.name === 'string' &&
    typeof one.contentType === 'string' &&
    typeof one.size === 'number' &&
    (one.uploaded === undefined ||
      (typeof one.uploaded.id === 'string' && typeof one.uploaded.until === 'string'));
  return value === undefined || (Array.isArray(value) && value.every(isFile));
}

export type UploadState =
  /** `part`: the part of the file that is sent, from 0 to 1. */
  | { kind: 'sending'; part: number }
  | { kind: 'done'; uploaded: Uploaded }
  | { kind: 'failed'; said: Said };

/** The form of an upload, with the id of its attachment. */
export interface Allowed extends Form {
  id: string;
  expiresAt: string;
}

/** Asks the service for a form. Resolves with the reason if the service refuses. */
export type Ask = (sessionId: string, file: DraftFile) => Promise<Allowed | Said>;

/** A form, and the time until which a message can attach its file. */
type Granted = Allowed & { until: string };

interface Upload {
  sessionId: string;
  draft: DraftFile;
  file: File;
  state: UploadState;
  allowed?: Granted | undefined;
  ending: AbortController;
}

/** The most uploads at once. */
const AT_ONCE = 3;
/** The most tries before the operator has to retry. */
const TRIES = 4;
/** The time for which a message can attach an upload, less a margin for sending the message. */
const DAY = 24 * 60 * 60_000 - 5 * 60_000;

/** The uploads of this page, of all sessions. */
export class Uploads {
  #uploads: ReadonlyMap<string, Upload> = new Map();
  readonly #listeners = new Set<() => void>();
  readonly #waiting: string[] = [];
  #running = 0;

  readonly #ask: Ask;
  readonly #now: () => number;
  readonly #post: typeof post;
  readonly #wait: typeof pause;

  constructor(ask: Ask, now: () => number, send = post, wait = pause) {
    this.#ask = ask;
    this.#now = now;
    this.#post = send;
    this.#wait = wait;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns all uploads; another map after each change. */
  readonly all = (): ReadonlyMap<string, { readonly state: UploadState; readonly file: File }> =>
    this.#uploads;

  /** Returns true while a file is being uploaded: closing the page would lose it. */
  readonly isSending = (): boolean =>
    [...this.#uploads.values()].some(({ state }) => state.kind === 'sending');

  /** Begins to upload a file. */
  start(sessionId: string, file: File): DraftFile {
    const { name, size } = file;
    const draft = { key: crypto.randomUUID(), name, contentType: claimedType(file), size };
    const state = { kind: 'sending', part: 0 } as const;
    this.#set(draft.key, { sessionId, draft, file, state, ending: new AbortController() });
    this.#queue(draft.key);
    return draft;
  }

  retry(key: string): void {
    const upload = this.#uploads.get(key);
    if (upload?.state.kind !== 'failed') return;
    this.#set(key, { ...upload, state: { kind: 'sending', part: 0 } });
    this.#queue(key);
  }

  /** Cancels an upload, or forgets one that is over. */
  drop(key: string): void {
    this.#uploads.get(key)?.ending.abort();
    this.#set(key, undefined);
  }

  #queue(key: string): void {
    this.#waiting.push(key);
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#running >= AT_ONCE) return;
    this.#running += 1;
    let key: string | undefined;
    while ((key = this.#waiting.shift()) !== undefined) await this.#upload(key);
    this.#running -= 1;
  }

  async #upload(key: string): Promise<void> {
    for (let tries = 0; this.#uploads.has(key); tries += 1) {
      const failed = await this.#try(key);
      if (failed === undefined) return;
      if (!failed.passes || tries + 1 >= TRIES) {
        this.#mark(key, { kind: 'failed', said: failed.said });
        return;
      }
      await this.#wait(tries);
    }
  }

  /** Sends a file once. Resolves with the reason if it did not arrive. */
  async #try(key: string): Promise<{ said: Said; passes: boolean } | undefined> {
    const upload = this.#uploads.get(key);
    if (upload === undefined) return undefined;
    const { file, ending } = upload;
    const allowed = await this.#allow(upload).catch((error: unknown) => ({
      said: { key: sayFault(error) },
      passes: ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED'].includes(codeOf(error) ?? ''),
    }));
    if (!('url' in allowed)) return 'said' in allowed ? allowed : { said: allowed, passes: false };
    const onProgress = (part: number) => {
      this.#mark(key, { kind: 'sending', part });
    };
    const status = await this.#post(allowed, file, onProgress, ending.signal);
    if (ending.signal.aborted) return undefined;
    if (status === 0 || status >= 500) return { said: { key: 'error.network' }, passes: true };
    // The storage says only that the form does not fit: another one may.
    if (status >= 300) {
      this.#set(key, { ...upload, allowed: undefined });
      return { said: { key: 'upload.refused' }, passes: false };
    }
    const { id, until } = allowed;
    this.#mark(key, { kind: 'done', uploaded: { id, until } });
    return undefined;
  }

  /** Returns the form of an upload; asks for another once the last one has expired. */
  async #allow({ allowed, draft, sessionId }: Upload): Promise<Granted | Said> {
    if (allowed !== undefined && Date.parse(allowed.expiresAt) > this.#now()) return allowed;
    const until = new Date(this.#now() + DAY).toISOString();
    const asked = await this.#ask(sessionId, draft);
    if (!('url' in asked)) return asked;
    const granted = { ...asked, until };
    const now = this.#uploads.get(draft.key);
    if (now !== undefined) this.#set(draft.key, { ...now, allowed: granted });
    return granted;
  }

  #mark(key: string, state: UploadState): void {
    const upload = this.#uploads.get(key);
    if (upload !== undefined) this.#set(key, { ...upload, state });
  }

  #set(key: string, upload: Upload | undefined): void {
    const uploads = new Map(this.#uploads);
    if (upload === undefined) uploads.delete(key);
    else uploads.set(key, upload);
    this.#uploads = uploads;
    this.#listeners.forEach((listener) => {
      listener();
    });
  }
}
