// @ts-check
// Who administers, and what an administrator sees.

import * as admin from '../lib/administration.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { once, walk } from '../lib/pages.mjs';
import { Person } from '../lib/person.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const ADMINISTRATION = '{ administration { apps { id } } }';

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(
    origin,
    { Door: { ann: ['OPERATOR'], sue: ['SUPERVISOR'], dan: ['OPERATOR', 'SUPERVISOR'] } },
    ['kim', 'eve', 'other/ann'],
  );
  const zoe = await office.company.visitor('Zoe');
  const client = new Person(origin, 'a client', zoe.token);
  await sight(office, client);
  await acts(office, client);
  await lists(office);
  await office.end();
}

/**
 * @param {Office} office
 * @param {Person} client
 */
async function sight(office, client) {
  const { ann, sue, dan, kim, ada, 'other/ann': stranger } = office.people;

  await step('administration is for administrators', async () => {
    equal(await ada.codes(ADMINISTRATION), [], 'what ada is refused');
  });

  await step('administration is FORBIDDEN for operators and supervisors', async () => {
    for (const who of [ann, sue, dan]) {
      equal(await who.codes(ADMINISTRATION), ['FORBIDDEN'], who.as);
    }
  });

  await step('administration is FORBIDDEN for an employee without a role', async () => {
    equal(await kim.codes(ADMINISTRATION), ['FORBIDDEN'], 'kim');
  });

  await step('administration is FORBIDDEN for the people of another tenant', async () => {
    equal(await stranger.codes(ADMINISTRATION), ['FORBIDDEN'], 'the other tenant’s ann');
  });

  await step('administration is FORBIDDEN for a client', async () => {
    equal(await client.codes(ADMINISTRATION), ['FORBIDDEN'], 'a client');
  });

  await step('viewer.isAdministrator says who administers', async () => {
    for (const who of Object.values(office.people)) {
      const { viewer } = await who.read('{ viewer { isAdministrator } }');
      equal(viewer.isAdministrator, who === ada, who.as);
    }
  });
}

/**
 * @param {Office} office
 * @param {Person} client
 */
async function acts(office, client) {
  const { ann, sue, kim, eve, ada, 'other/ann': stranger } = office.people;
  const id = office.id();
  const employee = await office.company.ada.employee('bob');
  const { channel } = await ada.act(admin.CREATE_CHANNEL, { id, name: 'Hook' });
  const { template } = await ada.act(admin.CREATE_TEMPLATE, { id, title: 'Hi', text: 'Hello' });
  const name = 'Never';
  /** @type {[string, string, Record<string, unknown>][]} those that name something first */
  const all = [
    ['renameLiveChat', admin.RENAME_LIVE_CHAT, { id, name }],
    ['setSessionNameTemplate', admin.SET_TEMPLATE, { id, template: name }],
    ['setMember', admin.SET_MEMBER, { id, employee, roles: ['OPERATOR'] }],
    ['createChannel', admin.CREATE_CHANNEL, { id, name }],
    ['rotateChannelSecret', admin.ROTATE, { id: channel.id }],
    ['setLiveChatOrigins', admin.SET_ORIGINS, { id, origins: [] }],
    ['setLiveChatApps', admin.SET_APPS, { id, apps: [] }],
    ['createTemplate', admin.CREATE_TEMPLATE, { id, title: name, text: name }],
    ['deleteTemplate', admin.DELETE_TEMPLATE, { id: template.id }],
    ['createLiveChat', admin.CREATE_LIVE_CHAT, { name }],
    ['createApp', admin.CREATE_APP, { name, kind: 'REQUEST' }],
  ];
  for (const [mutation, document, variables] of all) {
    await step(`${mutation} is FORBIDDEN for operators and supervisors`, async () => {
      await ann.refused('FORBIDDEN', document, variables);
      await sue.refused('FORBIDDEN', document, variables);
    });
  }
  for (const [mutation, document, variables] of all.slice(-2)) {
    await step(`${mutation} is FORBIDDEN for who has no role`, async () => {
      await kim.refused('FORBIDDEN', document, variables);
      await stranger.refused('FORBIDDEN', document, variables);
    });
  }
  const gone = await ada.act(admin.CREATE_TEMPLATE, { id, title: 'Gone', text: 'Gone' });
  await ada.act(admin.DELETE_TEMPLATE, { id: gone.template.id });
  for (const [mutation, document, variables] of all.slice(0, -2)) {
    await step(`${mutation} is answered to outsiders as for what does not exist`, async () => {
      for (const who of [eve, kim, stranger]) {
        const there = await who.raw(document, variables);
        const not = await who.raw(document, { ...variables, id: gone.template.id });
        equal(there, not, who.as);
      }
    });
  }
  for (const [mutation, document, variables] of all) {
    await step(`${mutation} is refused to a client`, async () => {
      const { data, errors = [] } = JSON.parse(await client.raw(document, variables));
      const refused = data?.[mutation]?.userErrors ?? [];
      const codes = [...refused, ...errors.map((/** @type {any} */ one) => one.extensions)];
      holds(['FORBIDDEN', 'NOT_FOUND'].includes(codes[0]?.code), `it is: ${codes[0]?.code}`);
    });
  }

  await step('nothing of what was refused was done', async () => {
    const { node } = await ada.read(
      `query ($id: ID!) { node(id: $id) { ... on LiveChat {
        name sessionNameTemplate members { employee { id } } channels { id kind } origins
        templates(first: 100) { nodes { title } }
      } } }`,
      { id },
    );
    equal(node.name, office.company.named('Door'), 'its name');
    holds(!node.sessionNameTemplate.includes(name), 'its template of names');
    equal(node.members.length, 3, 'how many members');
    const kinds = node.channels.map((/** @type {any} */ one) => one.kind).sort();
    equal(kinds, ['INTERNAL', 'WEB', 'WEBHOOK'], 'its channels');
    equal(node.templates.nodes, [{ title: 'Hi' }], 'its templates');
    const { administration } = await ada.read('{ administration { apps { name } } }');
    holds(!administration.apps.some((/** @type {any} */ app) => app.name === name), 'no app');
  });
}

/** @param {Office} office */
async function lists(office) {
  const { ada } = office.people;

  await step('administration.liveChats lists every live chat, page by page', async () => {
    const more = await Promise.all(
      ['B', 'A', 'C'].map(async (one) => {
        const name = office.company.named(one);
        return (await ada.act(admin.CREATE_LIVE_CHAT, { name })).liveChat.id;
      }),
    );
    const read = (/** @type {number} */ first) =>
      walk(
        async (after) =>
          (await ada.read(admin.LIVE_CHATS, { first, after })).administration.liveChats,
      );
    const all = await read(2);
    once(all.nodes, 'live chats');
    const ids = all.nodes.map(({ id }) => id);
    for (const id of [...more, office.id()]) holds(ids.includes(id), 'each is there');
    for (const { nodes } of all.pages) holds(nodes.length <= 2, 'no page is longer than asked');
    equal(
      ids,
      (await read(100)).nodes.map(({ id }) => id),
      'the same in pages of any length',
    );
    const names = all.nodes.map(({ name }) => name);
    for (const name of ['Support', 'Sales']) holds(names.includes(name), name);
  });

  await step('administration.employees lists the employees of the tenant', async () => {
    const { nodes } = await walk(
      async (after) =>
        (await ada.read(admin.EMPLOYEES, { first: 3, after })).administration.employees,
    );
    once(nodes, 'employees');
    const names = nodes.map(({ name }) => name);
    for (const name of ['Ann', 'Bob', 'Sue', 'Dan', 'Eve', 'Bea', 'Ada', 'Kim']) {
      equal(names.filter((one) => one === name).length, 1, `how often ${name} is there`);
    }
  });

  await step('administration.employees(query) finds by typing, folded, from any part', async () => {
    for (const query of ['BEA', 'ea', 'b́e']) {
      const { nodes } = await walk(
        async (after) =>
          (await ada.read(admin.EMPLOYEES, { query, first: 2, after })).administration.employees,
      );
      const names = nodes.map(({ name }) => name);
      holds(names.includes('Bea') && !names.includes('Kim'), `${query} finds Bea: ${names}`);
    }
  });

  await step('administration.apps lists the apps of the tenant', async () => {
    const id = await office.app('Accounts', 'ACCOUNT');
    const { administration } = await ada.read('{ administration { apps { id name kind } } }');
    const name = office.company.named('Accounts');
    const found = administration.apps.filter((/** @type {any} */ app) => app.id === id);
    equal(found, [{ id, name, kind: 'ACCOUNT' }], 'the new app');
  });
}
