// @ts-check
// Who may do what: every act, by everybody, in every state of a session, online and offline.

import { CAPABILITIES } from '../lib/acts.mjs';
import { equal } from '../lib/expect.mjs';
import { changesNothing, refusal, sight } from '../lib/permission.mjs';
import { Scene } from '../lib/scene.mjs';
import { step } from '../lib/steps.mjs';
import { STATES, Trial } from '../lib/trial.mjs';

/** @typedef {import('../lib/acts.mjs').Act} Act */
/** @typedef {import('../lib/permission.mjs').State} State */
/** @typedef {{ as: string, what: string, roles: string, has?: boolean }} Actor */

/** @type {Actor[]} A session that is not queued is ann's, or was when it was closed. */
const ACTORS = [
  { as: 'ann', what: 'its operator', roles: 'operator', has: true },
  { as: 'bob', what: 'another operator', roles: 'operator' },
  { as: 'sue', what: 'a supervisor', roles: 'supervisor' },
  { as: 'dan', what: 'who is both', roles: 'operator supervisor' },
  { as: 'eve', what: 'who is both elsewhere', roles: '' },
  { as: 'ada', what: 'an administrator', roles: '' },
  { as: 'kim', what: 'who has no role', roles: '' },
  { as: 'other/ann', what: "another tenant's operator", roles: '' },
];

/** @type {{ act: Act, what: string, can?: string }[]} */
const ACTS = [
  { act: 'claimSession', what: 'claim', can: 'viewerCanClaim' },
  { act: 'sendMessage', what: 'reply', can: 'viewerCanReply' },
  { act: 'addNote', what: 'note', can: 'viewerCanNote' },
  { act: 'renameSession', what: 'rename', can: 'viewerCanRename' },
  { act: 'bindItem', what: 'bind', can: 'viewerCanBind' },
  { act: 'createAndBindItem', what: 'create and bind' },
  { act: 'unbindItem', what: 'unbind' },
  { act: 'assignSession', what: 'assign', can: 'viewerCanAssign' },
  { act: 'returnSession', what: 'return', can: 'viewerCanReturn' },
  { act: 'closeSession', what: 'close', can: 'viewerCanClose' },
  { act: 'markSessionRead', what: 'mark as read' },
  { act: 'markSessionUnread', what: 'mark as unread' },
  { act: 'setTyping', what: 'type' },
];

const NAMES = {
  queued: 'a queued',
  assigned: 'an assigned',
  closed: 'a closed',
  earlier: 'an earlier',
};

/** @param {string} origin */
export async function play(origin) {
  const scene = await Scene.set(
    origin,
    {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      sue: ['SUPERVISOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
      // To whom everybody assigns; always online.
      bea: ['OPERATOR'],
    },
    {
      elsewhere: { eve: ['OPERATOR', 'SUPERVISOR'] },
      others: ['ada', 'kim', 'other/ann'],
    },
  );
  const trial = await Trial.prepare(scene, needed());
  await eachAct(trial, true);
  await outsiders(trial);
  await capabilities(trial, 'online');
  for (const { as } of ACTORS) await scene.go(scene.people[as], 'OFFLINE');
  await eachAct(trial, false);
  await capabilities(trial, 'offline, as well');
  await scene.end();
}

/**
 * What an actor is to a session: a queued one is nobody's.
 * @param {Actor} actor
 * @param {State} state
 */
function standing({ roles, has = false }, state) {
  return {
    isOperator: roles.includes('operator'),
    isSupervisor: roles.includes('supervisor'),
    isAssignee: has && state !== 'queued',
  };
}

/** How many sessions acts are done to, when everybody is online. */
function needed() {
  const done = (/** @type {State} */ state) =>
    ACTS.flatMap(({ act }) =>
      ACTORS.map((who) => refusal(act, standing(who, state), state, true)),
    ).filter((code) => code === null).length;
  return {
    queued: done('queued'),
    assigned: done('assigned'),
    closed: done('closed'),
    earlier: done('earlier'),
  };
}

/**
 * @param {Trial} trial
 * @param {boolean} isOnline
 */
async function eachAct(trial, isOnline) {
  const { scene } = trial;
  for (const { act, what } of ACTS) {
    // Who is not heard of for long is offline.
    await scene.go(scene.people.bea, 'ONLINE');
    for (const state of STATES) {
      const cells = ACTORS.map((who) => ({
        who,
        code: refusal(act, standing(who, state), state, isOnline),
      }));
      const words = spelt(cells);
      const sentence = `${what} ${NAMES[state]} session, ${isOnline ? 'online' : 'offline'}: ${words}`;
      await step(sentence, async () => {
        const refused = cells.filter(({ code }) => code !== null);
        const id = trial.kept[state];
        await trial.unchanged(
          () => Promise.all(refused.map(({ who, code }) => tryOn(trial, act, who, id, code))),
          [state],
        );
        const done = cells.filter(({ code }) => code === null);
        await Promise.all(done.map(({ who }) => doIt(trial, act, state, who, isOnline)));
      });
    }
  }
}

/**
 * What the cells say, by what is answered.
 * @param {{ who: Actor, code: string | null }[]} cells
 */
function spelt(cells) {
  /** @type {Map<string, string[]>} */
  const byCode = new Map();
  for (const { who, code } of cells) {
    const answer = code ?? 'done';
    byCode.set(answer, [...(byCode.get(answer) ?? []), who.what]);
  }
  return [...byCode].map(([answer, whats]) => `${answer} for ${whats.join(', ')}`).join('; ');
}

/**
 * Tries an act that is to be refused. What one may not see is answered as what does not exist.
 * @param {Trial} trial
 * @param {Act} act
 * @param {Actor} who
 * @param {string} id
 * @param {string | null} code
 */
async function tryOn(trial, act, { as }, id, code) {
  const { people, attempt } = bound(trial);
  const answer = await attempt(people[as], act, trial.args(act, id, people.bea.id));
  equal([answer.faults, answer.refusal], [[], code], as);
  // Once for each of them and each act is enough.
  if (code !== 'NOT_FOUND' || id !== trial.kept.assigned) return;
  const nothing = await attempt(people[as], act, trial.args(act, unknown(id), people.bea.id));
  equal(answer, nothing, `${as}: the answer, and that for what does not exist`);
}

/**
 * Does an act that is to be done, on a session of its own.
 * @param {Trial} trial
 * @param {Act} act
 * @param {State} state
 * @param {Actor} who
 * @param {boolean} isOnline
 */
async function doIt(trial, act, state, { as }, isOnline) {
  const { people, attempt } = bound(trial);
  const isMark = act === 'markSessionRead' || act === 'markSessionUnread';
  // Where a read mark is kept, and of whom, is told elsewhere.
  const id = isMark || !isOnline ? trial.kept[state] : trial.take(state);
  if (act === 'unbindItem') await trial.bind(id);
  const does = async () => {
    const answer = await attempt(people[as], act, trial.args(act, id, people.bea.id));
    equal([answer.faults, answer.refusal], [[], null], as);
  };
  await (isMark ? does() : trial.changed(id, !changesNothing(act, state), does));
}

/** @param {Trial} trial */
async function outsiders(trial) {
  const zoe = await trial.scene.company.visitor('Zoe');
  const { people, attempt } = bound(trial);
  for (const [what, who, code] of /** @type {const} */ ([
    ['a client', zoe, 'FORBIDDEN'],
    ['nobody', { token: undefined }, 'UNAUTHENTICATED'],
  ])) {
    for (const { act, what: name } of ACTS) {
      await step(`${name} any session: ${code} for ${what}`, async () => {
        await trial.unchanged(async () => {
          for (const state of STATES) {
            const args = trial.args(act, trial.kept[state], people.bea.id);
            const answer = await attempt(who, act, args);
            equal([answer.faults, answer.payload], [[code], null], `a ${state} session`);
          }
        });
      });
    }
  }
}

/**
 * @param {Trial} trial
 * @param {string} when
 */
async function capabilities(trial, when) {
  const { scene } = trial;
  for (const state of STATES) {
    await step(`viewerCan… of ${NAMES[state]} session tell the same, ${when}`, async () => {
      for (const who of ACTORS) {
        const stands = standing(who, state);
        const seen = await scene.session(scene.people[who.as], trial.kept[state]);
        const isSeen = ['all', 'through'].includes(sight(stands, state));
        equal(seen !== null, isSeen, `whether ${who.what} sees it`);
        if (!isSeen) continue;
        for (const { act, can } of ACTS) {
          // Whether one can do what changes nothing is a matter of taste.
          if (can === undefined || changesNothing(act, state)) continue;
          equal(seen[can], refusal(act, stands, state, true) === null, `${can} of ${who.what}`);
        }
        if (sight(stands, state) === 'through') {
          equal(
            CAPABILITIES.filter((one) => seen[one]),
            [],
            `what ${who.what} can do`,
          );
        }
      }
    });
  }
}

/** @param {Trial} trial */
function bound({ scene }) {
  return { people: scene.people, attempt: scene.attempt.bind(scene) };
}

/**
 * The id of a session that does not exist, made from that of one that does.
 * @param {string} id
 */
function unknown(id) {
  return Buffer.from(`${Buffer.from(id, 'base64url')}9`).toString('base64url');
}
