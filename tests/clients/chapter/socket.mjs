// @ts-check

import { ASSIGN, DIALOG, ON_COUNTERS_TEXT, ON_MESSAGES, SEND, VIEWER } from '../lib/documents.mjs';
import { DEADLINE_MS, equal, eventually, holds } from '../lib/expect.mjs';
import { counts } from '../lib/people.mjs';
import { follow, line, listen } from '../lib/socket.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function socket(stage) {
  chapter('Sockets break, are refused, and stay alive');
  await step('a socket that broke goes on after the last seq, without a loss or a double', () =>
    resume(stage),
  );
  await step('after the break sessions are READY again and the counters are those of now', () =>
    renew(stage),
  );
  await step('when the session goes out of sight its messages end', () => lose(stage));
  await step('they end as well while they are caught up with', () => loseEarly(stage));
  await step('a bad token, and none, are refused for good: one connection each', () =>
    refuse(stage),
  );
  await step('over HTTP both are 401, and a client is no employee', () => refuseOverHttp(stage));
  await step('pings are answered', () => ping(stage));
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function resume({ winner, zoe, session, run }) {
  const { viewer } = await winner.desk.read(DIALOG, { id: session });
  const start = viewer.session.messages.nodes.at(-1).seq - 2;
  const variables = { id: session, afterSeq: start };
  const inbox = follow(winner.line, `${winner.as}'s dialog`, ON_MESSAGES, variables);
  await inbox.next('what stood there', ({ seq }) => seq === start + 2);
  await zoe.post('Live');
  await inbox.next('a live message', ({ text }) => text === 'Live');
  const { promise: gate, resolve: open } = withResolvers();
  const before = winner.line.acknowledged();
  winner.line.holdBack(gate);
  winner.line.breakOff();
  for (const word of ['One', 'Two', 'Three']) await zoe.post(word);
  const reply = await winner.desk.act(SEND, { id: session, text: 'Four', key: `${run} four` });
  equal(reply.userErrors, [], 'refusals of a reply meanwhile');
  open();
  await inbox.next('the last that was missed', ({ text }) => text === 'Four');
  await zoe.post('Five');
  await inbox.next('a live message after it', ({ text }) => text === 'Five');
  equal(winner.line.acknowledged(), before + 1, 'connections');
  const texts = inbox.all.slice(2).map(({ text }) => text);
  equal(texts, ['Live', 'One', 'Two', 'Three', 'Four', 'Five'], 'what came, without a hole');
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function renew({ winner }) {
  await winner.sessions.next('READY', (/** @type {any} */ { kind }) => kind === 'READY');
  await eventually('the counters of now', async () => {
    const { viewer } = await winner.desk.read(VIEWER);
    return (
      viewer.counters.version === winner.pushed().version &&
      JSON.stringify(counts(viewer.counters)) === JSON.stringify(counts(winner.pushed()))
    );
  });
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function lose(stage) {
  const { winner, loser, dan, zoe, session } = stage;
  const variables = { id: session, afterSeq: 0 };
  const [mine, overseen] = [winner, dan].map((who) =>
    follow(who.line, `${who.as}'s dialog`, ON_MESSAGES, variables),
  );
  await zoe.post('Six');
  await Promise.all(
    [mine, overseen].map((one) => one.next('all until now', ({ text }) => text === 'Six')),
  );
  await zoe.post('Seven');
  const [{ seq: last }] = await Promise.all(
    [mine, overseen].map((one) => one.next('a live one', ({ text }) => text === 'Seven')),
  );
  await give(stage, loser);
  await overseen.next('what came after it', ({ seq }) => seq > last);
  await eventually('the end', () => mine.isComplete);
  holds(!mine.has(({ seq }) => seq > last), 'nothing of after it was told');
  equal([mine.error, overseen.isComplete], [undefined, false], 'how they ended');
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function loseEarly(stage) {
  const { winner, loser, session } = stage;
  await give(stage, winner);
  const variables = { id: session, afterSeq: 0 };
  const mine = follow(winner.line, `${winner.as}'s dialog`, ON_MESSAGES, variables);
  await mine.next('the first');
  await give(stage, loser);
  await eventually('the end', () => mine.isComplete);
  equal(mine.error, undefined, 'the error');
}

/**
 * @param {import('../lib/stage.mjs').Stage} stage
 * @param {import('../lib/people.mjs').Employee} to
 */
async function give({ dan, session }, to) {
  const { userErrors } = await dan.desk.act(ASSIGN, { id: session, to: to.id });
  equal(userErrors, [], `the refusals of giving it to ${to.as}`);
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function refuse({ origin, zoe }) {
  const refused = ['nonsense', zoe.token.slice(0, -2), undefined].map((token) => {
    const bad = line(origin, token);
    return { bad, inbox: listen(bad, 'a refused socket', { query: ON_COUNTERS_TEXT }) };
  });
  // The stock client gives up for good exactly when it tells the operation so.
  for (const { inbox } of refused) {
    await eventually('the refusal', () => inbox.error);
    equal(inbox.all, [], 'what came');
  }
  // Whoever came back at once would have done so in the time of a whole good connection.
  const good = line(origin, zoe.token);
  const own = { query: 'subscription { conversationMessages(afterSeq: 0) { seq } }' };
  await listen(good, 'a good socket', own).next('a message');
  equal(
    refused.map(({ bad }) => bad.attempts()),
    [1, 1, 1],
    'connections',
  );
  await good.client.dispose();
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function refuseOverHttp({ origin, zoe }) {
  const ask = async (
    /** @type {Record<string, string>} */ headers,
    query = '{ viewer { id } }',
  ) => {
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...headers,
      },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const { errors, data } = await answer.json();
    return [answer.status, errors?.[0]?.extensions?.code ?? data];
  };
  equal(await ask({ authorization: 'Bearer nonsense' }), [401, 'UNAUTHENTICATED'], 'a bad token');
  equal(await ask({}), [401, 'UNAUTHENTICATED'], 'no token');
  equal(await ask({}, '{ __typename }'), [200, { __typename: 'Query' }], 'what anybody may ask');
  const [, code] = await ask({ authorization: `Bearer ${zoe.token}` });
  equal(code, 'FORBIDDEN', "a client's token");
}

/** @param {import('../lib/stage.mjs').Stage} stage */
async function ping({ origin, zoe }) {
  const kept = line(origin, zoe.token, 100);
  const own = { query: 'subscription { conversationMessages { seq } }' };
  const inbox = listen(kept, 'a socket that is kept alive', own);
  await eventually('three pongs', () => kept.pongs() >= 3);
  equal([kept.attempts(), inbox.error], [1, undefined], 'the connection');
  await kept.client.dispose();
}

/** As `Promise.withResolvers`, which Node has from 22 on. */
function withResolvers() {
  /** @type {(value?: unknown) => void} */
  let resolve = () => {};
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
