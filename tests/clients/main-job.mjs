// @ts-check
// The main job from end to end, with the clients that pages use, against a running system:
//
//     node main-job.mjs [URL]
//
// Nobody may wait in a queue when it begins. It can be run again against the same system: clients
// are new in every run, counts are relative, and what was opened is closed in the end.

import { arrival } from './chapter/arrival.mjs';
import { cache } from './chapter/cache.mjs';
import { claim } from './chapter/claim.mjs';
import { closing } from './chapter/closing.mjs';
import { handover } from './chapter/handover.mjs';
import { internal } from './chapter/internal.mjs';
import { opening } from './chapter/opening.mjs';
import { silence } from './chapter/silence.mjs';
import { socket } from './chapter/socket.mjs';
import { webhook } from './chapter/webhook.mjs';
import { Stage } from './lib/stage.mjs';
import { chapter, step, summary } from './lib/steps.mjs';

const origin = new URL(process.argv[2] ?? 'http://127.0.0.1:4000').origin;
const chapters = [
  opening,
  arrival,
  claim,
  handover,
  closing,
  internal,
  webhook,
  socket,
  cache,
  silence,
];

/** @type {Stage | undefined} */
let stage;
await step(`the system at ${origin} gives tokens to everybody, and nobody waits`, async () => {
  stage = await Stage.set(origin);
});
if (stage) {
  for (const play of chapters) {
    // What a chapter cannot do without, an earlier one that failed may owe it.
    await play(stage).catch((fault) =>
      step(`the chapter ${play.name} goes on`, () => Promise.reject(fault)),
    );
  }
  chapter('The end');
  await step('all is closed, and all counters are as before', () => stage?.finish());
  await stage.clear();
}
process.exit(summary() ? 0 : 1);
