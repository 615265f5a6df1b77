import { claimedType, sorted, type Refused } from '../../src/upload/picked';
import { post } from '../../src/upload/post';
import { CreateUploadDocument } from './generated/operations';
import { isRecord, isText, type Kept } from './kept';
import { freshId } from './outbox';
import { failureOf, type Service } from './service';
import { Shown } from './state';

/** A file that the visitor chose and has not sent yet. */
export interface Chosen {
  readonly key: string;
  readonly name: string;
  /** The id of the attachment; null until the upload is complete. */
  readonly id: string | null;
  /** The part that is uploaded, from 0 to 1. */
  readonly part: number;
  /** The error code of a failed upload; null otherwise. */
  readonly problem: string | null;
}

/** A file that can be sent. */
export type Uploaded = Pick<Chosen, 'name'> & { readonly id: string };

const KEY = 'files';

/** The files of the visitor's draft. Complete uploads outlive the page, in its tab. */
export class Files {
  readonly shown: Shown<{ readonly all: readonly Chosen[] }>;
  private readonly sources = new Map<string, { file: File; ending: AbortController }>();

  constructor(
    private readonly service: Pick<Service, 'execute'>,
    private readonly tab: Kept,
    private readonly send: typeof post = post,
  ) {
    const kept = tab.read(KEY, areUploaded) ?? [];
    const all = kept.map((one) => ({ ...one, key: one.id, part: 1, problem: null }));
    this.shown = new Shown<{ readonly all: readonly Chosen[] }>({ all });
  }

  /** Uploads files. Returns why one of them is refused; null if none is. */
  add(files: readonly File[]): Refused | null {
    const { taken, refused } = sorted(files, this.shown.state.all.length);
    for (const file of taken) {
      const key = freshId();
      this.sources.set(key, { file, ending: new AbortController() });
      const chosen = { key, name: file.name, id: null, part: 0, problem: null };
      this.show([...this.shown.state.all, chosen]);
      void this.upload(key);
    }
    return refused[0]?.why ?? null;
  }

  /** Uploads a file again. */
  retry(key: string): void {
    this.mark(key, { problem: null, part: 0 });
    void this.upload(key);
  }

  /** Removes a file, and cancels its upload. */
  remove(key: string): void {
    this.sources.get(key)?.ending.abort();
    this.sources.delete(key);
    this.show(this.shown.state.all.filter((one) => one.key !== key));
  }

  /** Returns the complete uploads for a message, and empties the draft. */
  take(): Uploaded[] {
    const uploaded = this.uploaded();
    for (const { key } of this.shown.state.all) this.remove(key);
    return uploaded;
  }

  private uploaded(): Uploaded[] {
    return this.shown.state.all.flatMap(({ id, name }) => (id === null ? [] : [{ id, name }]));
  }

  private async upload(key: string): Promise<void> {
    const source = this.sources.get(key);
    if (source === undefined) return;
    const { file, ending } = source;
    const { name, size } = file;
    try {
      const variables = { name, contentType: claimedType(file), size };
      const { createUpload } = await this.service.execute(CreateUploadDocument, variables);
      const { upload, userErrors } = createUpload;
      if (upload === null) {
        this.mark(key, { problem: userErrors[0]?.code ?? 'INTERNAL' });
        return;
      }
      const onProgress = (part: number) => {
        this.mark(key, { part });
      };
      const status = await this.send(upload, file, onProgress, ending.signal);
      this.mark(key, status === 201 ? { id: upload.id, part: 1 } : { problem: 'NETWORK' });
    } catch (thrown) {
      this.mark(key, { problem: failureOf(thrown).code });
    }
  }

  private mark(key: string, change: Partial<Chosen>): void {
    this.show(this.shown.state.all.map((one) => (one.key === key ? { ...one, ...change } : one)));
  }

  private show(all: readonly Chosen[]): void {
    this.shown.set({ all });
    const uploaded = this.uploaded();
    this.tab.write(KEY, uploaded.length === 0 ? null : uploaded);
  }
}

/** Returns true for stored uploads. */
export function areUploaded(value: unknown): value is Uploaded[] {
  return (
    Array.isArray(value) &&
    value.every((one) => isRecord(one) && isText(one.id) && isText(one.name))
  );
}
