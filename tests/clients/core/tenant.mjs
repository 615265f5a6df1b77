// @ts-check
// Nothing ever crosses from one tenant to another.

import { acts, readActs } from '../lib/every-act.mjs';
import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { token } from '../lib/people.mjs';
import { request } from '../lib/request.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/**
 * A tenant with a session, and somebody of another tenant.
 * @typedef {{ company: Company, stranger: Employee, session: string, ids: Record<string, string> }} Scene
 */

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    { desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim', 'other/ann'],
  );
  try {
    await company.online();
    const scene = await set(company);
    await found(scene);
    await done(scene);
    await asked(scene);
    await given(scene);
    await heard(scene);
  } finally {
    await company.dissolve();
  }
}

/**
 * @param {Company} company
 * @returns {Promise<Scene>}
 */
async function set(company) {
  const { ann } = company.people;
  const app = await company.ada.createApp(company.named('Accounts'), 'ACCOUNT');
  await company.ada.setLiveChatApps(company.id(), [app]);
  const { session } = await company.arrival('Zoe', ann);
  await company.does(ann, 'claimSession', { sessionId: session });
  const bind = { sessionId: session, appId: app, title: 'An item' };
  const { item } = await company.does(ann, 'createAndBindItem', bind, 'item { id }');
  const { template } = await company.ada.act(
    `mutation ($in: ID!) { createTemplate(liveChatId: $in, title: "Hello", text: "Hello {client}") {
      template { id } userErrors { code }
    } }`,
    { in: company.id() },
  );
  const { viewer } = await company.ask(
    ann,
    `query ($id: ID!) { viewer { id employee { id } counters { id } session(id: $id) {
      client { id } channel { id } messages(first: 1) { nodes { id } }
    } } }`,
    { id: session },
  );
  const { client, channel, messages } = viewer.session;
  const ids = {
    ...{ viewer: viewer.id, employee: viewer.employee.id, counters: viewer.counters.id },
    ...{ liveChat: company.id(), session, client: client.id, channel: channel.id },
    ...{ message: messages.nodes[0].id, app, item: item.id, template: template.id },
  };
  return { company, stranger: company.people['other/ann'], session, ids };
}

/** @param {Scene} scene */
async function found({ company, stranger, ids }) {
  const { ann } = company.people;
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }';
  await step('no id of one tenant finds anything in another', async () => {
    const known = Object.entries(ids).filter(([kind]) => kind !== 'template');
    const mine = await company.ask(ann, query, { ids: known.map(([, id]) => id) });
    holds(!mine.nodes.includes(null), `ann finds all of it: ${JSON.stringify(mine.nodes)}`);
    const { nodes } = await company.ask(stranger, query, { ids: Object.values(ids) });
    equal(
      nodes,
      Object.values(ids).map(() => null),
      'what the stranger finds',
    );
  });
  await step('nor the other way round', async () => {
    const { viewer } = await company.ask(
      stranger,
      '{ viewer { id employee { id } counters { id } liveChats { id channels { id } } } }',
    );
    const [own] = viewer.liveChats;
    holds(own, 'the stranger has a live chat');
    const theirs = [viewer, viewer.employee, viewer.counters, own, ...own.channels];
    const { nodes } = await company.ask(ann, query, { ids: theirs.map(({ id }) => id) });
    equal(new Set(nodes), new Set([null]), 'what ann finds');
    const admin = await company.ask(company.ada, query, { ids: theirs.map(({ id }) => id) });
    equal(new Set(admin.nodes), new Set([null]), 'what ada finds');
  });
}

/** @param {Scene} scene */
async function done({ company, stranger, session, ids }) {
  const { ann } = company.people;
  await step('no act reaches into another tenant: all is NOT_FOUND', async () => {
    const target = { session, colleague: stranger.id, app: ids.app, item: ids.item };
    for (const { field, args, selection } of [...acts(target), ...readActs(session, 1)]) {
      equal(refusal(await company.act(stranger, field, args, selection)), 'NOT_FOUND', field);
    }
    const next = await company.act(stranger, 'claimNextSession', { liveChatId: ids.liveChat });
    equal(refusal(next), 'NOT_FOUND', 'claimNextSession');
    const post = { liveChatId: ids.liveChat, text: 'Hello', clientMessageId: company.run };
    equal(refusal(await company.act(stranger, 'postMessage', post)), 'NOT_FOUND', 'postMessage');
  });
  await step('nobody of another tenant can be given a session, or a role', async () => {
    const give = { sessionId: session, employeeId: stranger.id };
    equal(refusal(await company.act(ann, 'assignSession', give)), 'NOT_FOUND', 'assignSession');
    const { setMember } = await company.ask(
      company.ada,
      `mutation ($in: ID!, $who: ID!) {
        setMember(liveChatId: $in, employeeId: $who, roles: [OPERATOR]) { userErrors { code } }
      }`,
      { in: ids.liveChat, who: stranger.id },
    );
    equal(setMember.userErrors, [{ code: 'NOT_FOUND' }], 'setMember');
  });
  await step('an administrator configures nothing of another tenant', async () => {
    const { viewer } = await company.ask(stranger, '{ viewer { liveChats { id name } } }');
    const [{ id, name }] = viewer.liveChats;
    const rename = { liveChatId: id, name: 'Taken over' };
    equal(refusal(await company.act(company.ada, 'renameLiveChat', rename)), 'NOT_FOUND', 'rename');
    const after = await company.ask(stranger, '{ viewer { liveChats { id name } } }');
    equal(after.viewer.liveChats[0], { id, name }, 'the live chat');
  });
}

/** @param {Scene} scene */
async function asked({ company, stranger, ids }) {
  const { kim } = company.people;
  await step('lists, search and counters are of the own tenant', async () => {
    const { viewer } = await company.ask(
      stranger,
      `query ($q: String!) { viewer {
        sessions(first: 100) { nodes { id } } searchSessions(query: $q, first: 100) { nodes { id } }
        internalLiveChats { id } liveChats { id } counters { workspaceBadge queue }
      } }`,
      { q: company.run },
    );
    equal([viewer.sessions.nodes, viewer.searchSessions.nodes], [[], []], 'sessions');
    const { workspaceBadge, queue } = stranger.before;
    equal(viewer.counters, { workspaceBadge, queue }, 'counters');
    const listed = [...viewer.internalLiveChats, ...viewer.liveChats].map(({ id }) => id);
    holds(!listed.includes(ids.liveChat), 'the live chat of the other tenant is not listed');
  });
  await step('the employees of a tenant are its own: there is one Ann', async () => {
    const { administration } = await company.ask(
      company.ada,
      '{ administration { employees(query: "ann", first: 100) { nodes { id name } } } }',
    );
    const anns = administration.employees.nodes.filter(
      (/** @type {any} */ { name }) => name === 'Ann',
    );
    equal(
      anns.map((/** @type {any} */ { id }) => id),
      [company.people.ann.id],
      'who is called Ann',
    );
  });
  await step('an employee writes to no live chat of another tenant', async () => {
    const { viewer } = await company.ask(stranger, '{ viewer { liveChats { id } } }');
    const [{ id }] = viewer.liveChats;
    const args = { liveChatId: id, text: 'Hello', clientMessageId: company.run };
    equal(refusal(await company.act(kim, 'postMessage', args)), 'NOT_FOUND', 'postMessage');
    const query = 'query ($id: ID) { conversation(liveChatId: $id) { id } }';
    const { data, errors } = await request(company.origin, kim.token, query, { id });
    holds(!data?.conversation && errors?.length, 'the conversation is refused');
  });
}

/** @param {Scene} scene */
async function given({ company, stranger }) {
  await step(
    "two people of one name in two tenants are two: neither moves the other's",
    async () => {
      const { ann } = company.people;
      const presence = async (/** @type {{ token: string }} */ who) =>
        (await company.ask(who, '{ viewer { employee { id presence } } }')).viewer.employee;
      await company.go(ann, 'OFFLINE');
      equal((await presence(stranger)).presence, 'ONLINE', "the other ann's presence");
      await company.go(ann, 'ONLINE');
      await company.go(stranger, 'OFFLINE');
      equal((await presence(ann)).presence, 'ONLINE', "ann's presence");
      const tokens = await Promise.all(['ann', 'other/ann'].map((as) => token(company.origin, as)));
      const ids = await Promise.all(tokens.map((of) => presence({ token: of })));
      holds(ids[0].id !== ids[1].id, 'their ids differ');
      await company.go(stranger, 'ONLINE');
    },
  );
}

/** @param {Scene} scene */
async function heard({ company, stranger, session }) {
  const { ann, sue } = company.people;
  await step('nothing of one tenant can be followed from another', async () => {
    for (const feed of ['messages(sessionId: $id) { id }', 'typing(sessionId: $id) { until }']) {
      const query = `subscription ($id: ID!) { ${feed} }`;
      const inbox = listen(stranger.line, feed, { query, variables: { id: session } });
      await eventually(feed, () => inbox.error);
      equal(inbox.all, [], feed);
    }
  });
  await step('no feed tells of another tenant', async () => {
    const { visitor, session: next } = await company.arrival('Heard by none', ann);
    await company.does(ann, 'claimSession', { sessionId: next });
    await company.go(sue, 'OFFLINE');
    await ann.presence.next(
      'sue offline',
      (one) => one.id === sue.id && one.presence === 'OFFLINE',
    );
    // An event of their own, after all that: the stranger writes as an internal client.
    const { viewer } = await company.ask(stranger, '{ viewer { liveChats { id } } }');
    const [{ id: liveChatId }] = viewer.liveChats;
    const text = company.named('Of the other tenant');
    await company.does(stranger, 'postMessage', { liveChatId, text, clientMessageId: text });
    const own = await stranger.sessions.next(
      'the own one',
      ({ session: of }) => of?.preview.text === text,
    );
    const told = [...stranger.sessions.all, ...stranger.alerts.all].filter((one) => one.session);
    equal(
      told.filter((one) => one.session.id !== own.session.id),
      [],
      'sessions of others',
    );
    equal(
      stranger.presence.all.filter(({ id }) => id !== stranger.id),
      [],
      'presence of others',
    );
    const names = [...ann.sessions.all, ...ann.alerts.all].map((one) => one.session?.preview.text);
    holds(!names.includes(text), 'ann is not told of the stranger');
    holds(
      ann.sessions.has((one) => one.session?.client.name === visitor.name),
      'ann is of hers',
    );
    await company.go(stranger, 'ONLINE');
    const waiting = own.session.id;
    await company.does(stranger, 'claimSession', { sessionId: waiting });
    await company.does(stranger, 'closeSession', { sessionId: waiting });
  });
}
