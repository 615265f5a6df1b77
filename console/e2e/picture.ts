import { crc32, deflateSync } from 'node:zlib';

/** Returns a picture as PNG, of one shade of grey. */
export function png(width: number, height: number, shade = 120): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits of grey.
  head[8] = 8;
  const line = Buffer.alloc(width + 1, shade);
  line[0] = 0;
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const chunks = [chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(kind: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A file for a file chooser. */
export interface Choosable {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const photo = (name: string, shade?: number): Choosable => ({
  name,
  mimeType: 'image/png',
  buffer: png(320, 200, shade),
});

export const manual: Choosable = {
  name: 'Manual.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.7\n% a manual\n'),
};

/** Fetches the bytes behind a link. */
export async function bytesAt(url: string | null): Promise<Buffer> {
  const response = await fetch(url ?? '');
  return Buffer.from(await response.arrayBuffer());
}
