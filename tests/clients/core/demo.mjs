// @ts-check
// What is there at the start: the demo people, their tokens, and the two live chats. It looks at
// nothing that another part changes, so that it holds whenever it comes.

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { DEADLINE_MS, equal, eventually, holds } from '../lib/expect.mjs';
import { token } from '../lib/people.mjs';
import { ask, request, widgetToken } from '../lib/request.mjs';
import { line, listen } from '../lib/socket.mjs';
import { step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

const ROLES = {
  Support: {
    Ann: ['OPERATOR'],
    Bob: ['OPERATOR'],
    Sue: ['SUPERVISOR'],
    Dan: ['OPERATOR', 'SUPERVISOR'],
    Bea: ['OPERATOR'],
  },
  Sales: { Bob: ['OPERATOR'], Eve: ['OPERATOR'], Dan: ['SUPERVISOR'], Bea: ['SUPERVISOR'] },
};

/** @param {string} origin */
export async function play(origin) {
  await people(origin);
  await liveChats(origin);
  await tokens(origin);
  await bearers(origin);
  await channels(origin);
}

/**
 * @param {string} origin
 * @param {string} as
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 */
const asked = async (origin, as, query, variables) =>
  ask(origin, await token(origin, as), query, variables);

/** @param {string} origin */
async function people(origin) {
  const names = ['ann', 'bob', 'sue', 'dan', 'eve', 'bea', 'ada', 'kim'];
  const query = '{ viewer { employee { name } isAdministrator } }';
  await step('the demo people have their names with a capital; ada is administrator', async () => {
    for (const as of names) {
      const { viewer } = await asked(origin, as, query);
      const name = as.charAt(0).toUpperCase() + as.slice(1);
      equal(viewer, { employee: { name }, isAdministrator: as === 'ada' }, as);
    }
  });
  await step('the tenant `other` has its own ann', async () => {
    const { viewer } = await asked(origin, 'other/ann', query);
    equal(viewer.employee.name, 'Ann', 'her name');
    const id = '{ viewer { employee { id } } }';
    const [one, other] = [await asked(origin, 'ann', id), await asked(origin, 'other/ann', id)];
    holds(one.viewer.employee.id !== other.viewer.employee.id, 'she is another one');
  });
  await step('kim is an employee with no role', async () => {
    const { viewer } = await asked(
      origin,
      'kim',
      '{ viewer { liveChats { name } internalLiveChats { name } } }',
    );
    const demo = (/** @type {any[]} */ list) =>
      list.map(({ name }) => name).filter((name) => name in ROLES);
    equal(demo(viewer.liveChats), [], 'where she has a role');
    equal(demo(viewer.internalLiveChats).toSorted(), ['Sales', 'Support'], 'where she may write');
  });
}

/**
 * The demo live chats, as ada sees them.
 * @param {string} origin
 * @returns {Promise<Map<string, any>>} by their names
 */
async function configured(origin) {
  const { administration } = await asked(
    origin,
    'ada',
    `{ administration { liveChats(first: 100) { nodes {
      id name channels { kind inboundPath } apps { id } members { employee { name } roles }
    } } } }`,
  );
  return new Map(administration.liveChats.nodes.map((/** @type {any} */ one) => [one.name, one]));
}

/** @param {string} origin */
async function liveChats(origin) {
  const all = await configured(origin);
  for (const [name, roles] of Object.entries(ROLES)) {
    await step(`the members of ${name} are as the contract says`, () => {
      const members = Object.fromEntries(
        all
          .get(name)
          .members.map((/** @type {any} */ one) => [one.employee.name, one.roles.toSorted()]),
      );
      equal(members, roles, 'the members');
    });
  }
  await step('there are no sessions and no apps in them at the start', async () => {
    for (const [as, name] of [
      ['dan', 'Support'],
      ['dan', 'Sales'],
    ]) {
      const { id, apps } = all.get(name);
      equal(apps, [], `the apps of ${name}`);
      for (const group of ['ACTIVE', 'CLOSED', 'QUEUE']) {
        const query = `query ($id: ID!) { viewer { liveChat(id: $id) {
          sessions(group: ${group}, first: 10) { nodes { id } }
        } } }`;
        const { viewer } = await asked(origin, as, query, { id });
        equal(viewer.liveChat.sessions.nodes, [], `${group} of ${name}`);
      }
    }
  });
}

/** @param {string} origin */
async function tokens(origin) {
  await step('GET /dev/token?as=NAME answers {"token": "..."}, and 404 for nobody', async () => {
    const get = (/** @type {string} */ as) =>
      fetch(`${origin}/dev/token?as=${encodeURIComponent(as)}`, {
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    const answer = await get('ann');
    equal(answer.status, 200, 'the status for ann');
    const body = await answer.json();
    equal([Object.keys(body), typeof body.token], [['token'], 'string'], 'the body');
    equal((await get('nobody')).status, 404, 'the status for nobody');
  });
  await step('?as=client:NAME&liveChat=Support is a web client of it', async () => {
    const bearer = await token(origin, 'client:Zoe', 'Support');
    const { conversation } = await ask(origin, bearer, '{ conversation { liveChat { name } } }');
    equal(conversation.liveChat.name, 'Support', 'the live chat');
    const sales = await token(origin, 'client:Zoe', 'Sales');
    const other = await ask(origin, sales, '{ conversation { liveChat { name } } }');
    equal(other.conversation.liveChat.name, 'Sales', 'the other live chat');
  });
  await step('POST /widget/token gives one for a live chat of the demo', async () => {
    const support = (await configured(origin)).get('Support');
    const answer = await widgetToken(origin, { liveChatId: support.id, name: 'Zoe' });
    equal(answer.status, 200, 'the status');
    const { conversation } = await ask(
      origin,
      answer.body.token,
      '{ conversation { liveChat { name } } }',
    );
    equal(conversation.liveChat.name, 'Support', 'the live chat');
  });
}

/** @param {string} origin */
async function bearers(origin) {
  await step(
    'HTTP: `Authorization: Bearer TOKEN`; without or with another it is UNAUTHENTICATED',
    async () => {
      const bearer = await token(origin, 'ann');
      const query = '{ viewer { id } }';
      equal((await request(origin, bearer, query)).errors, undefined, 'with a token');
      for (const bad of [undefined, '', 'nonsense', `${bearer}x`, bearer.slice(0, -4)]) {
        const { data, errors } = await request(origin, bad, query);
        equal(
          errors?.map(({ extensions }) => extensions?.code),
          ['UNAUTHENTICATED'],
          `with ${bad}`,
        );
        holds(!data?.viewer, 'there is no data');
      }
    },
  );
  await step('errors carry a code and a requestId, which differs', async () => {
    const bearer = await token(origin, 'kim');
    const ids = [];
    for (const [query, code] of [
      ['{ administration { apps { id } } }', 'FORBIDDEN'],
      ['{ nothing }', 'BAD_USER_INPUT'],
      ['{ viewer { sessions(first: 101) { nodes { id } } } }', 'BAD_USER_INPUT'],
      ['{ viewer { sessions(first: 0) { nodes { id } } } }', 'BAD_USER_INPUT'],
    ]) {
      const { errors } = await request(origin, bearer, query);
      equal(
        errors?.map(({ extensions }) => extensions?.code),
        [code],
        query,
      );
      ids.push(errors?.[0].extensions?.requestId);
    }
    holds(
      ids.every((id) => typeof id === 'string' && id.length > 0),
      `there are ids: ${ids}`,
    );
    equal(new Set(ids).size, ids.length, 'how many ids there are');
  });
  await step('socket: {"authorization": "Bearer TOKEN"}, the key in any case', async () => {
    const bearer = await token(origin, 'ann');
    for (const key of ['authorization', 'Authorization', 'AUTHORIZATION']) {
      const client = createClient({
        url: `${origin.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { [key]: `Bearer ${bearer}` },
        retryAttempts: 0,
      });
      const [first] = [
        await client.iterate({ query: 'subscription { counters { queue } }' }).next(),
      ];
      equal(typeof first.value?.data?.counters, 'object', `the first value with ${key}`);
      await client.dispose();
    }
  });
  await step('a bad token is refused on the socket for good', async () => {
    const bad = line(origin, 'nonsense');
    const inbox = listen(bad, 'a refused socket', { query: 'subscription { counters { id } }' });
    await eventually('the refusal', () => inbox.error);
    equal([inbox.all, bad.attempts()], [[], 1], 'what came, and how often it was tried');
  });
}

/** @param {string} origin */
async function channels(origin) {
  await step(
    'Support has the webhook channel demo-support, for administrators to see',
    async () => {
      const support = (await configured(origin)).get('Support');
      const paths = support.channels
        .filter((/** @type {any} */ { kind }) => kind === 'WEBHOOK')
        .map((/** @type {any} */ { inboundPath }) => inboundPath);
      equal(paths, ['/channels/webhook/demo-support'], 'the paths');
      const kinds = support.channels.map((/** @type {any} */ { kind }) => kind).toSorted();
      equal(kinds, ['INTERNAL', 'WEB', 'WEBHOOK'], 'the channels');
    },
  );
  await step('its secret is "demo-secret"', async () => {
    // Bad content, well signed: who signs wrongly is told so before it.
    const message = { messageId: '', from: { id: '1' }, text: 'Hello' };
    equal((await deliver(origin, 'demo-support', message)).status, 400, 'signed with it');
    equal((await deliver(origin, 'demo-support', message, 'x')).status, 401, 'with another');
  });
}
