// @ts-check
// Writes something, or looks whether all of it is there:
//
//     node kept.mjs write|look URL
//
// Between the two the system may be killed: what was acknowledged has to be there.

import { CONVERSATION, VIEWER } from './lib/documents.mjs';
import { Desk } from './lib/desk.mjs';
import { equal } from './lib/expect.mjs';
import { token, Visitor } from './lib/people.mjs';
import { line } from './lib/socket.mjs';
import { step, summary } from './lib/steps.mjs';

const TEXTS = Array.from({ length: 10 }, (_, at) => `Keep this: ${at + 1}`);

const [act, url = ''] = process.argv.slice(2);
const { origin } = new URL(url);
const zoe = await Visitor.arrive(origin, 'Zoe', 'Support');

async function write() {
  for (const text of TEXTS) await zoe.post(text, text);
}

async function look() {
  await step('every message that was acknowledged is there, once and in order', async () => {
    const { conversation } = await zoe.desk.read(CONVERSATION);
    const kept = conversation.messages.nodes;
    equal(
      kept.map((/** @type {any} */ { text }) => text),
      TEXTS,
      'the conversation',
    );
  });
  await step('a message that is sent again is known', async () => {
    const { seq } = await zoe.post(TEXTS[0], TEXTS[0]);
    equal(seq, 1, 'its seq');
  });
  await step('the counters fit what is there', async () => {
    const bearer = await token(origin, 'dan');
    const dan = new Desk(origin, 'dan', bearer, line(origin, bearer));
    const { counters } = (await dan.read(VIEWER)).viewer;
    equal([counters.queue, counters.workspaceBadge], [1, 1], "dan's counters");
  });
}

if (act === 'write') {
  await step('ten messages are acknowledged', write);
} else {
  await look();
}
process.exit(summary() ? 0 : 1);
