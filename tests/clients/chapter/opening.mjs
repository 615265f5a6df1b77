// @ts-check

import { VIEWER } from '../lib/documents.mjs';
import { equal, eventually } from '../lib/expect.mjs';
import { Visitor } from '../lib/people.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

/** How long a stimulus is given before it is repeated, in milliseconds. */
const REPEAT_MS = 1000;

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function opening(stage) {
  chapter('Everybody opens the desk');

  await step(
    'sockets are acknowledged; sessions begin with READY, counters with their values',
    async () => {
      const views = await Promise.all(stage.desks.map((who) => who.open()));
      await stage.goOffline();
      stage.support = views[0].liveChats.find(
        (/** @type {any} */ one) => one.name === 'Support',
      ).id;
      for (const who of stage.desks) equal(who.line.acknowledged(), 1, `${who.as}'s connections`);
    },
  );

  await step('the roles are those of the demo data', async () => {
    equal(await roles(stage.ann), { Support: ['OPERATOR'] }, 'ann');
    equal(await roles(stage.bob), { Sales: ['OPERATOR'], Support: ['OPERATOR'] }, 'bob');
    equal(await roles(stage.sue), { Support: ['SUPERVISOR'] }, 'sue');
    equal(await roles(stage.eve), { Sales: ['OPERATOR'] }, 'eve');
    const both = { Sales: ['SUPERVISOR'], Support: ['OPERATOR', 'SUPERVISOR'] };
    equal(await roles(stage.dan), both, 'dan');
  });

  await step('colleagues hear of a presence', async () => {
    let turn = 0;
    await eventually('the presence of dan', () => hasEverybodyHeard(stage), {
      again: () => stage.go(stage.dan, (turn += 1) % 2 === 1 ? 'ONLINE' : 'OFFLINE'),
      everyMs: REPEAT_MS,
    });
    await Promise.all([stage.dan, stage.sue, stage.stranger].map((who) => stage.go(who, 'ONLINE')));
  });

  await step('alerts reach the operators of each live chat', () => ring(stage));

  await step('what rang is closed, and all counters are as before', async () => {
    await stage.tidy();
    await Promise.all(stage.desks.map((who) => who.counted({})));
    for (const who of stage.desks) who.settle();
  });
}

/** @param {import('../lib/people.mjs').Employee} who */
async function roles(who) {
  const { viewer } = await who.desk.read(VIEWER);
  return Object.fromEntries(
    viewer.liveChats.map((/** @type {any} */ one) => [one.name, one.viewerRoles.toSorted()]),
  );
}

/** @param {import('../lib/stage.mjs').Stage} stage */
function hasEverybodyHeard({ ann, bob, sue, dan, bea, eve }) {
  const colleagues = [ann, bob, sue, dan, bea, eve];
  return colleagues.every((who) => who.presence.has(({ name }) => name === 'Dan'));
}

/**
 * Nothing tells a client that its subscription to alerts stands, so clients write until all who
 * should be alerted were once: after that, silence means that there was nothing to hear.
 * @param {import('../lib/stage.mjs').Stage} stage
 */
async function ring(stage) {
  let turn = 0;
  const write = async () => {
    turn += 1;
    const from = { id: stage.named(`ring ${turn}`) };
    const message = { messageId: stage.named(`ring ${turn}`), from, text: 'Ring' };
    await deliver(stage.origin, 'demo-support', message);
    await deliver(stage.origin, 'other-support', message);
    const buyer = await Visitor.arrive(stage.origin, stage.named(`Ring ${turn}`), 'Sales');
    await buyer.post('Ring');
  };
  const those = [...stage.operators, stage.eve, stage.stranger];
  const haveHeard = () => those.every((who) => who.alerts.all.length > 0);
  await eventually('an alert', haveHeard, { again: write, everyMs: REPEAT_MS });
  await stage.note(stage.dan);
  await stage.note(stage.stranger);
}
