// @ts-check
// A tenant with as many live chats and apps as there may be. This is the last part, because no live
// chat and no app is ever deleted.

import * as admin from '../lib/administration.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { once, walk } from '../lib/pages.mjs';
import { some } from '../lib/some.mjs';
import { step } from '../lib/steps.mjs';

/** How many entries a plain list has at most. */
const PLAIN = 100;

const MINE =
  '{ viewer { liveChats { id } internalLiveChats { id name } counters { liveChats { id } } } }';

const byId = (/** @type {any} */ one, /** @type {any} */ other) => (one.id < other.id ? -1 : 1);

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { sue: ['SUPERVISOR'] } }, ['kim']);
  await liveChats(office);
  await apps(office);
  await office.end();
}

/** @param {Office} office */
async function liveChats(office) {
  const { ada, kim } = office.people;
  const read = async (/** @type {string | null} */ after) =>
    (await ada.read(admin.LIVE_CHATS, { first: 100, after })).administration.liveChats;
  const before = (await walk(read)).nodes.length;
  const missing = Array.from({ length: Math.max(0, PLAIN + 1 - before) }, (_, at) => at);
  const refusals = await some(missing, (at) =>
    ada.refusal(admin.CREATE_LIVE_CHAT, { name: office.company.named(`One of many ${at}`) }),
  );
  const { nodes } = await walk(read);

  await step('whatever a tenant has too many live chats for is LIMIT', () => {
    const codes = new Set(refusals.map((refusal) => refusal?.code ?? 'made'));
    for (const code of codes) holds(['made', 'LIMIT'].includes(code), code);
  });

  await step('administration.liveChats lists all of more than 100 live chats', async () => {
    once(nodes, 'live chats');
    const made = refusals.filter((refusal) => refusal === undefined).length;
    equal(nodes.length, before + made, 'how many are listed');
  });

  await step('internalLiveChats lists every live chat that I may write to', async () => {
    const { viewer } = await kim.read(MINE);
    const listed = viewer.internalLiveChats.sort(byId);
    equal(listed.length, nodes.length, `how many of ${nodes.length}`);
    equal(listed, [...nodes].sort(byId), 'which');
  });

  await step(
    'a plain list has at most 100 entries: a role in one more live chat is LIMIT',
    async () => {
      const employee = office.company.people.kim.id;
      const ids = nodes.slice(0, PLAIN + 1).map(({ id }) => id);
      const codes = await some(ids, async (id) => {
        const refusal = await ada.refusal(admin.SET_MEMBER, { id, employee, roles: ['OPERATOR'] });
        return refusal?.code ?? 'done';
      });
      const { viewer } = await kim.read(MINE);
      await some(ids, (id) => ada.attempt(admin.SET_MEMBER, { id, employee, roles: [] }));
      const [mine, counted] = [viewer.liveChats.length, viewer.counters.liveChats.length];
      holds(mine <= PLAIN && counted <= PLAIN, `viewer.liveChats has ${mine}, counters ${counted}`);
      holds(codes.includes('LIMIT'), 'the last is refused');
    },
  );
}

/** @param {Office} office */
async function apps(office) {
  const { ada } = office.people;
  const list = async () =>
    (await ada.read('{ administration { apps { id name } } }')).administration.apps;
  const before = (await list()).length;

  await step('a tenant has at most 100 apps, then LIMIT, and all are listed', async () => {
    const missing = Array.from({ length: PLAIN - before }, (_, at) => at);
    const made = await some(missing, async (at) => {
      const name = office.company.named(`App ${at}`);
      return (await ada.act(admin.CREATE_APP, { name, kind: 'REQUEST' })).app.id;
    });
    await ada.refused('LIMIT', admin.CREATE_APP, { name: 'One more', kind: 'REQUEST' });
    const all = await list();
    once(all, 'apps');
    const ids = all.map((/** @type {any} */ { id }) => id);
    equal(ids.length, PLAIN, 'how many are listed');
    for (const id of made) holds(ids.includes(id), 'each is there');
  });

  await step('a live chat names at most 100 apps, and shows all of them', async () => {
    const ids = (await list()).map((/** @type {any} */ { id }) => id);
    const { liveChat } = await ada.act(admin.SET_APPS, { id: office.id(), apps: ids });
    equal(liveChat.apps.map((/** @type {any} */ { id }) => id).sort(), [...ids].sort(), 'the apps');
    await ada.act(admin.SET_APPS, { id: office.id(), apps: [] });
  });
}
