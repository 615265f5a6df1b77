// @ts-check
// What the product promises, sentence by sentence, against a running system that was just started:
//
//     node core.mjs [URL [PART...]]
//
// Each file of `core` is a part: a noun, with the sentences that are said of it. A part makes what it
// needs (live chats, members, clients of its own) and relies on nothing that another part left.

import { readdir } from 'node:fs/promises';

import { chapter, step, summary } from './lib/steps.mjs';

const origin = new URL(process.argv[2] ?? 'http://127.0.0.1:4000').origin;
const wanted = process.argv.slice(3);
const files = (await readdir(new URL('./core/', import.meta.url))).filter((name) =>
  name.endsWith('.mjs'),
);
const parts = files.map((name) => name.slice(0, -'.mjs'.length)).sort();

for (const part of parts.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  const { play } = await import(`./core/${part}.mjs`);
  chapter(part);
  // What stops a part half-way is a fault like any other.
  await play(origin).catch((/** @type {unknown} */ fault) =>
    step(`the part ${part} goes on`, () => Promise.reject(fault)),
  );
}
process.exit(summary() ? 0 : 1);
