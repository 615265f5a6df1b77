// @ts-check
// How many open sessions an operator has in a live chat: 200 at most.

import { ids } from '../lib/connection.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Scene } from '../lib/scene.mjs';
import { step } from '../lib/steps.mjs';

const LIMIT = 200;
/** How many are more than the limit. */
const MORE = 8;

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(
    origin,
    { ann: ['OPERATOR'], sue: ['SUPERVISOR'] },
    { elsewhere: { ann: ['OPERATOR'] } },
  );
  const { ann, sue } = scene.people;
  const clients = Array.from({ length: LIMIT + MORE }, () => scene.client());
  for (const some of parts(clients)) await Promise.all(some.map(({ write }) => write()));
  const cases = await scene.found(sue, clients);
  const rest = cases.splice(LIMIT - 1);

  await step('an operator takes 199 sessions of a live chat', async () => {
    for (const some of parts(cases)) {
      await Promise.all(some.map(({ id }) => scene.act(ann, 'claimSession', { sessionId: id })));
    }
    equal(await open(scene), LIMIT - 1, 'openSessions');
  });
  await step(
    'of four more at once, one is the 200th, and the others are refused: LIMIT',
    async () => {
      const tries = await Promise.all(
        rest.slice(0, 4).map(({ id }) => scene.attempt(ann, 'claimSession', { sessionId: id })),
      );
      const codes = tries.map(({ refusal, faults }) => refusal ?? faults[0] ?? 'done');
      equal(codes.sort(), ['LIMIT', 'LIMIT', 'LIMIT', 'done'], 'the answers');
      equal(await open(scene), LIMIT, 'openSessions');
    },
  );
  const waiting = await scene.group(sue, 'QUEUE');
  const sessionId = waiting[0].id;
  const send = { sessionId, text: 'One more', clientMessageId: 'one more' };
  for (const [what, who, act, args] of /** @type {const} */ ([
    ['a claim', ann, 'claimSession', { sessionId }],
    ['a call for the next', ann, 'claimNextSession', { liveChatId: scene.liveChatId }],
    ['a reply', ann, 'sendMessage', send],
    ['an assignment', sue, 'assignSession', { sessionId, employeeId: ann.id }],
  ])) {
    await step(`${what} that would give them one more is refused: LIMIT`, async () => {
      const before = await scene.marks(sue, ids(waiting));
      await scene.refused(who, act, args, 'LIMIT');
      equal(await scene.marks(sue, ids(waiting)), before, 'what waits');
      equal(await open(scene), LIMIT, 'openSessions');
    });
  }
  await step('what they have stays: taking it again is no error, and My has all 200', async () => {
    await scene.act(ann, 'claimSession', { sessionId: cases[0].id });
    const mine = await scene.group(ann, 'MY', { first: 100 });
    equal(new Set(ids(mine)).size, LIMIT, 'how many are in My');
    holds(
      cases.every(({ id }) => ids(mine).includes(id)),
      'those that she took are in My',
    );
  });
  await step('in another live chat they take one', async () => {
    const elsewhere = await scene.company.webhook('Elsewhere');
    await elsewhere({ messageId: '1', from: { id: '1', name: 'Elsewhere' }, text: 'Hello' });
    const liveChatId = scene.company.id('Elsewhere');
    const { session } = await scene.act(ann, 'claimNextSession', { liveChatId });
    equal(session.operator.id, ann.id, 'who has it');
  });
  await step('when they close one, they can take the next, and no more', async () => {
    await scene.act(ann, 'closeSession', { sessionId: cases[0].id });
    const args = { liveChatId: scene.liveChatId };
    equal((await scene.act(ann, 'claimNextSession', args)).session.id, sessionId, 'the next');
    await scene.refused(ann, 'claimNextSession', args, 'LIMIT');
  });
  await scene.end();
}

/**
 * Some at a time.
 * @template T
 * @param {T[]} all
 */
function parts(all) {
  const size = 20;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

/**
 * @param {Scene} scene
 * @returns {Promise<number>} how many open sessions ann has in the live chat
 */
async function open(scene) {
  const query = `query ($id: ID!) {
    viewer { liveChat(id: $id) { operators { employee { id } openSessions } } }
  }`;
  const { viewer } = await scene.ask(scene.people.ann, query, { id: scene.liveChatId });
  return viewer.liveChat.operators[0].openSessions;
}
