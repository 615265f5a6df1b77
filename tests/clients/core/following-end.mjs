// @ts-check
// Following a dialog: when it ends, and who may not begin.

import { equal, eventually } from '../lib/expect.mjs';
import { follow } from '../lib/following.mjs';
import { Scene } from '../lib/scene.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */
/** @typedef {import('../lib/people.mjs').Visitor} Visitor */

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(
    origin,
    {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      sue: ['SUPERVISOR'],
    },
    { others: ['eve', 'ada', 'other/ann'] },
  );
  await completes(scene);
  await refused(scene);
  await scene.end();
}

/** @param {Scene} scene */
async function completes(scene) {
  const { ann, bob, sue } = scene.people;
  chapter('It completes when I may no longer see the session');
  const ends = async (/** @type {ReturnType<typeof follow>} */ { inbox, end }) => {
    await eventually('its end', () => inbox.isComplete || inbox.error !== undefined);
    equal([inbox.error, inbox.isComplete], [undefined, true], 'how it ended');
    await end();
  };
  const begun = async (/** @type {Employee} */ who, /** @type {string} */ id) => {
    const following = follow(scene, who, id, 0);
    await following.inbox.next('the first', ({ seq }) => seq === 1);
    return following;
  };
  await step('another takes it from the queue', async () => {
    const one = await scene.queued(sue);
    const bobs = await begun(bob, one.id);
    const sues = await begun(sue, one.id);
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    await ends(bobs);
    await one.write('Not for bob');
    await sues.inbox.next('what follows, for sue', ({ text }) => text === 'Not for bob');
    equal(
      bobs.inbox.has(({ text }) => text === 'Not for bob'),
      false,
      'what bob heard',
    );
    await sues.end();
  });
  await step('I give it away', async () => {
    const one = await scene.assigned(ann);
    const following = await begun(ann, one.id);
    await scene.act(ann, 'assignSession', { sessionId: one.id, employeeId: bob.id });
    await ends(following);
  });
  await step('it is taken away from me', async () => {
    const one = await scene.assigned(ann);
    const following = await begun(ann, one.id);
    await scene.act(sue, 'assignSession', { sessionId: one.id, employeeId: bob.id });
    await ends(following);
  });
  await step('it is closed in the queue', async () => {
    const one = await scene.queued(sue);
    const following = await begun(bob, one.id);
    await scene.act(sue, 'closeSession', { sessionId: one.id });
    await ends(following);
  });
  await step('it goes on for who takes it, and for who closes it', async () => {
    const one = await scene.queued(sue);
    const { inbox, end } = await begun(ann, one.id);
    await scene.act(ann, 'claimSession', { sessionId: one.id });
    await inbox.next('the claim', ({ event }) => event?.kind === 'CLAIMED');
    await scene.act(ann, 'closeSession', { sessionId: one.id });
    await inbox.next('the close', ({ event }) => event?.kind === 'CLOSED');
    equal([inbox.isComplete, inbox.error], [false, undefined], 'whether it ended');
    await end();
  });
  await step('my role is gone, when something is said next', async () => {
    const one = await scene.queued(sue);
    const following = await begun(bob, one.id);
    await scene.company.appoint('bob', []);
    await one.write('Not for bob');
    await ends(following);
    equal(
      following.inbox.has(({ text }) => text === 'Not for bob'),
      false,
      'what bob heard',
    );
    await scene.company.appoint('bob', ['OPERATOR']);
  });
}

/** @param {Scene} scene */
async function refused(scene) {
  const { ann, bob, eve, ada, 'other/ann': stranger } = scene.people;
  chapter('What is refused');
  const one = await scene.assigned(ann);
  /**
   * @param {Employee | Visitor} who
   * @param {string} id
   * @param {string} [query]
   */
  const answer = async (who, id, query) => {
    const { inbox, end } = follow(scene, who, id, 0, query);
    await eventually('its end', () => inbox.isComplete || inbox.error !== undefined);
    await end();
    equal(inbox.all, [], 'what came');
    const errors = /** @type {any[] | undefined} */ (inbox.error) ?? [];
    return errors.map(({ message, extensions }) => [message, extensions?.code]);
  };
  for (const [what, who] of /** @type {[string, Employee][]} */ ([
    ['another operator', bob],
    ['an operator elsewhere', eve],
    ['an administrator', ada],
    ["another tenant's operator", stranger],
  ])) {
    await step(`a session out of sight, as one that does not exist: ${what}`, async () => {
      equal(await answer(who, one.id), await answer(who, 'nonsense'), 'the answers');
    });
  }
  await step('a client: FORBIDDEN', async () => {
    const zoe = await scene.company.visitor('Zoe');
    equal(
      (await answer(zoe, one.id)).map(([, code]) => code),
      ['FORBIDDEN'],
      'the code',
    );
  });
  await step('a connection under it', async () => {
    const query = `subscription ($id: ID!) {
      messages(sessionId: $id) { session { messages(first: 1) { nodes { id } } } }
    }`;
    const codes = (await answer(ann, one.id, query)).map(([, code]) => code);
    equal(codes, ['BAD_USER_INPUT'], 'the code');
  });
}
