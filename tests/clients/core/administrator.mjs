// @ts-check
// Administrators create and configure; that alone gives no sight of sessions.

import { acts, readActs } from '../lib/every-act.mjs';
import { Company, refusal } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { codes } from '../lib/request.mjs';
import { listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    { desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } },
    ['kim', 'ada'],
  );
  try {
    await configured(company);
    await others(company);
    await company.online();
    await blind(company);
    await both(company);
  } finally {
    await company.dissolve();
  }
}

/** Each act of administration, with right arguments. */
const all = (/** @type {Company} */ company, /** @type {Record<string, string>} */ ids) => ({
  createLiveChat: `name: "${company.named('New')}"`,
  renameLiveChat: `liveChatId: "${ids.liveChat}", name: "${company.named('Renamed')}"`,
  setSessionNameTemplate: `liveChatId: "${ids.liveChat}", template: "{client}!"`,
  setMember: `liveChatId: "${ids.liveChat}", employeeId: "${ids.employee}", roles: [OPERATOR]`,
  createChannel: `liveChatId: "${ids.liveChat}", kind: WEBHOOK, name: "Another"`,
  rotateChannelSecret: `channelId: "${ids.channel}"`,
  setLiveChatOrigins: `liveChatId: "${ids.liveChat}", origins: ["https://shop.example"]`,
  createApp: `name: "${company.named('Orders')}", kind: REQUEST`,
  setLiveChatApps: `liveChatId: "${ids.liveChat}", appIds: ["${ids.app}"]`,
  createTemplate: `liveChatId: "${ids.liveChat}", title: "Hello", text: "Hello {client}"`,
  deleteTemplate: `templateId: "${ids.template}"`,
});

/**
 * What the acts are about: a live chat of their own.
 * @param {Company} company
 * @param {string} name
 */
async function things(company, name) {
  const liveChat = await company.add(name);
  const { id: channel } = await company.ada.createWebhook(liveChat, 'Webhook');
  const app = await company.ada.createApp(company.named(`App of ${name}`), 'ACCOUNT');
  const { template } = await company.ada.act(
    `mutation ($in: ID!) { createTemplate(liveChatId: $in, title: "Bye", text: "Bye {client}") {
      template { id } userErrors { code }
    } }`,
    { in: liveChat },
  );
  return { liveChat, channel, app, template: template.id, employee: company.people.kim.id };
}

/** @param {Company} company */
async function configured(company) {
  const { ada } = company.people;
  const ids = await things(company, 'configured');
  await step(
    'an administrator creates and configures live chats, members, channels and apps',
    async () => {
      for (const [field, args] of Object.entries(all(company, ids))) {
        const answer = await company.ask(
          ada,
          `mutation { ${field}(${args}) { userErrors { code message } } }`,
        );
        equal(answer[field].userErrors, [], field);
      }
      const { node } = await company.ask(
        ada,
        `query ($id: ID!) { node(id: $id) { ... on LiveChat {
        name members { employee { name } roles } channels { kind name } apps { id }
      } } }`,
        { id: ids.liveChat },
      );
      equal(node.name, company.named('Renamed'), 'the name');
      equal(node.members, [{ employee: { name: 'Kim' }, roles: ['OPERATOR'] }], 'the members');
      equal(node.apps, [{ id: ids.app }], 'the apps');
      const names = node.channels.map((/** @type {any} */ { name }) => name);
      holds(names.includes('Another') && names.includes('Webhook'), `the channels: ${names}`);
    },
  );
  await step('a live chat comes with a WEB and an INTERNAL channel', async () => {
    const id = await company.add('bare');
    const query = 'query ($id: ID!) { node(id: $id) { ... on LiveChat { channels { kind } } } }';
    const { node } = await company.ask(ada, query, { id });
    const kinds = node.channels.map((/** @type {any} */ { kind }) => kind).toSorted();
    equal(kinds, ['INTERNAL', 'WEB'], 'its channels');
  });
  await step('an administrator finds live chats, apps and employees', async () => {
    const { administration } = await company.ask(
      ada,
      `query { administration {
        liveChats(first: 100) { nodes { id } } apps { id } employees(first: 100) { nodes { name } }
      } }`,
    );
    const has = (/** @type {any[]} */ list, /** @type {string} */ id) =>
      list.some((one) => one.id === id);
    holds(has(administration.liveChats.nodes, ids.liveChat), 'the live chat is among them');
    holds(has(administration.apps, ids.app), 'the app is among them');
    const names = administration.employees.nodes.map((/** @type {any} */ { name }) => name);
    for (const name of ['Ann', 'Sue', 'Kim', 'Ada'])
      holds(names.includes(name), `${name}: ${names}`);
  });
  await step('viewer.isAdministrator says who is one', async () => {
    for (const who of Object.values(company.people)) {
      const { viewer } = await company.ask(who, '{ viewer { isAdministrator } }');
      equal(viewer.isAdministrator, who.as === 'ada', who.as);
    }
  });
}

/** @param {Company} company */
async function others(company) {
  const { ann, sue, kim } = company.people;
  const ids = await things(company, 'untouched');
  const zoe = await company.visitor('Zoe');
  await step('`administration` is FORBIDDEN for all others', async () => {
    for (const who of [ann, sue, kim, zoe]) {
      for (const part of [
        'apps { id }',
        'liveChats(first: 1) { nodes { id } }',
        'employees(first: 1) { nodes { id } }',
      ]) {
        const asked = await codes(company.origin, who.token, `{ administration { ${part} } }`);
        equal(asked, ['FORBIDDEN'], part);
      }
    }
  });
  await step('nobody else configures anything, not even supervisors', async () => {
    const look = `query ($id: ID!) { node(id: $id) { ... on LiveChat {
      name members { roles } channels { name } apps { id }
    } } }`;
    // sue supervises it, and it names the app, so that all of it exists for her.
    await company.ada.setLiveChatApps(ids.liveChat, [ids.app]);
    const before = await company.ask(company.ada, look, { id: ids.liveChat });
    await company.appoint('sue', ['SUPERVISOR'], 'untouched');
    for (const [field, args] of Object.entries(all(company, ids))) {
      const mutation = `mutation { ${field}(${args}) { userErrors { code } } }`;
      equal((await company.ask(sue, mutation))[field].userErrors, [{ code: 'FORBIDDEN' }], field);
      const { [field]: hers } = await company.ask(kim, mutation);
      holds(['FORBIDDEN', 'NOT_FOUND'].includes(hers.userErrors[0]?.code), `${field} by kim`);
      equal(
        await codes(company.origin, zoe.token, mutation),
        ['FORBIDDEN'],
        `${field} by a client`,
      );
    }
    await company.appoint('sue', [], 'untouched');
    equal(await company.ask(company.ada, look, { id: ids.liveChat }), before, 'the live chat');
  });
}

/** @param {Company} company */
async function blind(company) {
  const { ann, ada } = company.people;
  const { session } = await company.arrival('Unseen', ann);
  await step('administration alone gives no sight of sessions: looked up or searched', async () => {
    const { node, viewer } = await company.ask(
      ada,
      `query ($id: ID!, $q: String!) { node(id: $id) { id } viewer {
        session(id: $id) { id } sessions(first: 100) { nodes { id } }
        searchSessions(query: $q, first: 100) { nodes { id } } liveChats { id }
      } }`,
      { id: session, q: company.run },
    );
    equal(
      [node, viewer.session, viewer.sessions.nodes, viewer.searchSessions.nodes, viewer.liveChats],
      [null, null, [], [], []],
      'what ada finds',
    );
  });
  await step('… nor in the groups of the live chats that they see', async () => {
    for (const group of ['ACTIVE', 'CLOSED', 'QUEUE', 'MY']) {
      const { administration } = await company.ask(
        ada,
        `{ administration { liveChats(first: 100) { nodes {
          viewerRoles sessions(group: ${group}, first: 10) { nodes { id } }
        } } } }`,
      );
      for (const { viewerRoles, sessions } of administration.liveChats.nodes) {
        equal([viewerRoles, sessions.nodes], [[], []], group);
      }
    }
  });
  await step('… nor of how many there are', async () => {
    const { viewer } = await company.ask(ada, '{ viewer { counters { workspaceBadge queue } } }');
    equal(viewer.counters, { workspaceBadge: 0, queue: 0 }, "ada's counters");
  });
  await step('… nor do they change any: NOT_FOUND', async () => {
    const target = { session, colleague: ann.id, app: 'x', item: 'x' };
    for (const { field, args, selection } of [...acts(target), ...readActs(session, 1)]) {
      equal(refusal(await company.act(ada, field, args, selection)), 'NOT_FOUND', field);
    }
  });
  await step('… nor are they told of any', async () => {
    const query = 'subscription ($id: ID!) { messages(sessionId: $id) { id } }';
    const inbox = listen(ada.line, 'messages', { query, variables: { id: session } });
    await eventually('the refusal', () => inbox.error);
    const { session: next } = await company.arrival('Told to ann', ann);
    await ann.sessions.next('the next', (one) => one.session?.id === next);
    const told = ada.sessions.all.filter((one) => one.session ?? one.removedId);
    equal([told, ada.alerts.all], [[], []], 'what ada was told');
  });
}

/** @param {Company} company */
async function both(company) {
  const { ada, ann } = company.people;
  await step('an administrator may have roles too, and sees what these give', async () => {
    await company.appoint('ada', ['OPERATOR']);
    const { session } = await company.arrival('For ada', ann);
    const queue = await company.group(ada, 'QUEUE');
    holds(
      queue.some(({ id }) => id === session),
      'ada sees the queue',
    );
    await company.does(ada, 'claimSession', { sessionId: session });
    await company.appoint('ada', []);
    const { node } = await company.ask(ada, 'query ($id: ID!) { node(id: $id) { id } }', {
      id: session,
    });
    equal(node, null, 'the session, when the role is gone');
  });
  await step('an administrator may be an internal client', async () => {
    const text = company.named('From ada');
    const args = { liveChatId: company.id(), text, clientMessageId: text };
    await company.does(ada, 'postMessage', args, 'message { seq }');
    await company.waiting(ann, 'Ada');
  });
}
