// @ts-check
// A live chat as an administrator sets it up: its name, its channels, how its sessions are named,
// which pages may carry its widget.

import { RENAME } from '../lib/mutations.mjs';
import * as admin from '../lib/administration.mjs';
import { CONVERSATION } from '../lib/documents.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { widgetToken } from '../lib/request.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

const SEEN = 'query ($id: ID!) { viewer { liveChat(id: $id) { id name } } }';

const SESSION = `query ($id: ID!) {
  viewer { session(id: $id) { name client { name } channel { name } firstMessageAt } }
}`;

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } }, [
    'kim',
  ]);
  await creating(office);
  await renaming(office);
  await naming(office);
  await origins(office);
  await office.end();
}

/** @param {Office} office */
async function creating(office) {
  const { ada, kim } = office.people;
  const name = office.company.named('New');
  const { liveChat } = await ada.act(admin.CREATE_LIVE_CHAT, { name });

  await step('createLiveChat answers the live chat, with its name', () => {
    equal([typeof liveChat.id, liveChat.name], ['string', name], 'the live chat');
  });

  await step('a live chat comes with a WEB and an INTERNAL channel', () => {
    const kinds = liveChat.channels.map((/** @type {any} */ { kind }) => kind);
    equal(kinds.sort(), ['INTERNAL', 'WEB'], 'the channels');
  });

  await step('a live chat begins without members and apps, its creator is none', () => {
    equal([liveChat.members, liveChat.apps, liveChat.viewerRoles], [[], [], []], 'what it has');
  });

  await step('clients reach it by its WEB channel at once', async () => {
    const { status } = await widgetToken(office.company.origin, { liveChatId: liveChat.id });
    equal(status, 200, 'the status of a token');
  });

  await step('employees reach it by its INTERNAL channel at once', async () => {
    const { viewer } = await kim.read('{ viewer { internalLiveChats { id name } } }');
    const found = viewer.internalLiveChats.find((/** @type {any} */ { id }) => id === liveChat.id);
    equal(found, { id: liveChat.id, name }, 'among the live chats that kim may write to');
  });
}

/** @param {Office} office */
async function renaming(office) {
  const { ann, ada } = office.people;
  const id = office.id();
  const name = office.company.named('Renamed');

  await step('renameLiveChat gives a live chat another name, also for its members', async () => {
    const { liveChat } = await ada.act(admin.RENAME_LIVE_CHAT, { id, name });
    equal(liveChat, { id, name }, 'the answer');
    const { viewer } = await ann.read(SEEN, { id });
    equal(viewer.liveChat, { id, name }, 'as ann sees it');
  });

  await step('clients see the new name of a live chat', async () => {
    const zoe = await office.company.visitor('Zoe');
    const { conversation } = await zoe.desk.read(CONVERSATION);
    equal(conversation.liveChat.name, name, 'as Zoe sees it');
  });
}

/** @param {Office} office */
async function naming(office) {
  const { ann, sue, ada } = office.people;
  const id = office.id();
  const shown = async (/** @type {string} */ session) =>
    (await sue.read(SESSION, { id: session })).viewer.session;
  const first = await office.write('Olga Petrova');

  await step('by default a session is named as its client', async () => {
    equal((await shown(first)).name, 'Olga Petrova', 'the name');
  });

  await step('setSessionNameTemplate fills in {client}, {liveChat}, {channel}', async () => {
    const template = '{client} / {liveChat} / {channel}';
    await ada.act(admin.SET_TEMPLATE, { id, template });
    const session = await shown(await office.write('Igor'));
    const { viewer } = await ann.read(SEEN, { id });
    const expected = `Igor / ${viewer.liveChat.name} / ${session.channel.name}`;
    // The channel may be named by its name or by its kind.
    holds(
      session.name === expected || /^Igor \/ .* \/ webhook$/i.test(session.name),
      `${session.name} is ${expected}`,
    );
  });

  await step('setSessionNameTemplate fills in {date}', async () => {
    await ada.act(admin.SET_TEMPLATE, { id, template: 'On {date}: {client}' });
    const session = await shown(await office.write('Vera'));
    const day = session.firstMessageAt.slice(0, 10);
    equal(session.name, `On ${day}: Vera`, 'the name');
  });

  await step('what is in no braces stays as it is', async () => {
    await ada.act(admin.SET_TEMPLATE, { id, template: 'client ß {client}' });
    equal((await shown(await office.write('Max'))).name, 'client ß Max', 'the name');
  });

  await step('a template that is set later changes no session that is there', async () => {
    equal((await shown(first)).name, 'Olga Petrova', 'the name of the first');
  });

  await step('a name stays within 1 to 200 characters, whatever the template makes', async () => {
    await ada.act(admin.SET_TEMPLATE, { id, template: `${'{client}'.repeat(20)}` });
    const { name } = await shown(await office.write('Ännchen von Tharau'));
    const length = [...name].length;
    holds(length >= 1 && length <= 200, `it has ${length}`);
  });

  await step('a session that is renamed keeps its name when its client writes again', async () => {
    const from = crypto.randomUUID();
    const session = await office.write('Nina', undefined, { from });
    await sue.act(RENAME, { id: session, name: 'By hand' });
    await office.write('Nina', undefined, { from });
    equal((await shown(session)).name, 'By hand', 'the name');
  });
}

/** @param {Office} office */
async function origins(office) {
  const { ada } = office.people;
  const id = office.id();
  const shop = 'https://shop.example';
  const from = (/** @type {string} */ origin) =>
    widgetToken(office.company.origin, { liveChatId: id }, { origin });

  await step('with no origins set, a page of any origin gets a token', async () => {
    await ada.act(admin.SET_ORIGINS, { id, origins: [] });
    equal((await from('https://anywhere.example')).status, 200, 'the status');
  });

  await step('with origins set, a page of one of them gets a token', async () => {
    await ada.act(admin.SET_ORIGINS, { id, origins: ['https://other.example', shop] });
    const { status, body } = await eventually('a token', async () => {
      const answer = await from(shop);
      return answer.status === 200 ? answer : undefined;
    });
    equal([status, typeof body.token, typeof body.expiresAt], [200, 'string', 'string'], 'answer');
  });

  await step('with origins set, a page of any other gets none', async () => {
    for (const other of [
      'https://anywhere.example',
      'http://shop.example',
      'https://shop.example:8443',
      'https://shop.example.evil.example',
      'https://evilshop.example',
      'https://sub.shop.example',
      'null',
    ]) {
      const { status, body } = await from(other);
      equal([status, body?.token], [403, undefined], other);
    }
  });

  await step('origins are per live chat', async () => {
    const other = await office.company.add('Other');
    const body = { liveChatId: other };
    const headers = { origin: 'https://anywhere.example' };
    equal((await widgetToken(office.company.origin, body, headers)).status, 200, 'the status');
  });

  await step('origins can be taken away again', async () => {
    await ada.act(admin.SET_ORIGINS, { id, origins: [] });
    await eventually('a token for any page', async () => {
      return (await from('https://anywhere.example')).status === 200;
    });
  });

  await step('what is no origin is INVALID, and changes nothing', async () => {
    for (const origin of ['', 'shop', 'https://', 'https://shop.example/path', 'javascript:1']) {
      const refusal = await ada.refusal(admin.SET_ORIGINS, { id, origins: [shop, origin] });
      equal([refusal?.code, refusal?.field?.[0]], ['INVALID', 'origins'], origin);
    }
    equal((await from('https://anywhere.example')).status, 200, 'any page gets a token still');
  });

  await step('a live chat has at most 100 origins', async () => {
    const some = (/** @type {number} */ count) =>
      Array.from({ length: count }, (_, at) => `https://shop-${at}.example`);
    await ada.act(admin.SET_ORIGINS, { id, origins: some(100) });
    const refusal = await ada.refusal(admin.SET_ORIGINS, { id, origins: some(101) });
    holds(['LIMIT', 'INVALID'].includes(refusal?.code ?? ''), `the 101st: ${refusal?.code}`);
    await ada.act(admin.SET_ORIGINS, { id, origins: [] });
  });
}
