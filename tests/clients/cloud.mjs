// @ts-check
// The main job against a deployed system: the functions behind an HTTP API and a WebSocket API, the
// streams that wake two of them, and nothing of the local run:
//
//     node cloud.mjs HTTP_URL SOCKET_URL AWS_ENDPOINT SECRET_ARN TELEGRAM_URL BOT_TOKEN [COMMAND...]
//
// TELEGRAM_URL is the stand-in that the deployment calls, with the bot of this token. COMMAND restores the
// tables when the job is done, and what there was has to be there, and to go on.
//
// People sign in at a provider on this machine, which this puts into the secret of the deployment.
//
// Emulators do not pass on the answer to the offered subprotocol, so the socket offers it in a header
// of its own making and asks for none back. All else is the stock client.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { equal, eventually, holds, pause } from './lib/expect.mjs';
import { Issuer, widgetKey } from './lib/issuer.mjs';
import { chapter, step, summary } from './lib/steps.mjs';
import { Telegram } from './lib/telegram.mjs';
import { deliver } from './lib/webhook.mjs';

const [http, socket, aws, secretArn, telegramUrl, botToken, ...restoring] = process.argv.slice(2);
if (!http || !socket || !aws || !secretArn || !telegramUrl || !botToken) {
  console.error(
    'usage: node cloud.mjs HTTP_URL SOCKET_URL AWS_ENDPOINT SECRET_ARN TELEGRAM_URL BOT_TOKEN [COMMAND...]',
  );
  process.exit(2);
}
/**
 * A function's first answer is slow, an emulator is no cloud, and each instance of a function fetches a
 * provider's keys at most once a minute.
 */
const DEADLINE_MS = 90_000;

/**
 * As `aws secretsmanager put-secret-value` does it; an emulator does not look at the signature.
 * @param {unknown} settings
 */
async function settle(settings) {
  const scope = 'Credential=test/20260101/us-east-1/secretsmanager/aws4_request';
  const response = await fetch(/** @type {string} */ (aws), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.PutSecretValue',
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ SecretId: secretArn, SecretString: JSON.stringify(settings) }),
  });
  if (!response.ok) throw new Error(`the secret: ${response.status} ${await response.text()}`);
}

/**
 * @param {string} token
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 * @returns {Promise<any>}
 */
async function ask(token, query, variables = {}) {
  const response = await fetch(`${http}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = /** @type {any} */ (await response.json());
  if (errors) throw new Error(`${response.status} ${JSON.stringify(errors)}`);
  for (const payload of Object.values(data)) {
    const refused = /** @type {any} */ (payload)?.userErrors ?? [];
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
  }
  return data;
}

class OfferedInAHeader extends WebSocket {
  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    super(url, { headers: { 'Sec-WebSocket-Protocol': protocol } });
  }
}

/** @type {import('graphql-ws').Client[]} */
const lines = [];

/**
 * What a subscription brings, as it comes. Who is not let in tries again, as a page does, until something came:
 * the function may not have fetched the provider's new keys yet.
 * @param {string} token
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 * @returns {{ came: any[], failed: unknown }}
 */
function hear(token, query, variables = {}) {
  const heard = { came: /** @type {any[]} */ ([]), failed: /** @type {unknown} */ (undefined) };
  const end = Date.now() + DEADLINE_MS;
  const begin = () => {
    const line = createClient({
      url: /** @type {string} */ (socket),
      webSocketImpl: OfferedInAHeader,
      connectionParams: { authorization: `Bearer ${token}` },
      keepAlive: 30_000,
    });
    lines.push(line);
    line.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => heard.came.push(errors ?? data),
        error: (why) => {
          if (heard.came.length === 0 && Date.now() < end) setTimeout(begin, 1_000);
          else heard.failed = why;
        },
        complete: () => {},
      },
    );
  };
  begin();
  return heard;
}

/** @param {string} what @param {() => unknown} condition */
const soon = (what, condition) => eventually(what, condition, { deadlineMs: DEADLINE_MS });

const issuer = await Issuer.start();
await settle({
  providers: [issuer.settings('acme')],
  widgetKeys: [{ id: 'first', privateKey: widgetKey() }],
});
const [ada, sue] = [issuer.token('ada', true), issuer.token('sue')];
let ann = issuer.token('ann');
let liveChatId = '';
let sessionId = '';
let zoe = '';

chapter('The deployed system');

await step('a build of it answers', async () => {
  const { version } = await ask(ada, '{ version }');
  holds(/^\d+\.\d+\.\d+/.test(version), version);
});

await step('without a token nothing is told', async () => {
  const fault = await ask('nonsense', '{ viewer { id } }').catch((error) => String(error));
  holds(String(fault).includes('401') && String(fault).includes('UNAUTHENTICATED'), String(fault));
});

await step('an administrator creates a live chat with an operator and a supervisor', async () => {
  const create = `mutation { createLiveChat(name: "Support") {
    liveChat { id channels { kind } } userErrors { code } } }`;
  liveChatId = (await ask(ada, create)).createLiveChat.liveChat.id;
  for (const [token, role] of [
    [ann, 'OPERATOR'],
    [sue, 'SUPERVISOR'],
  ]) {
    const { viewer } = await ask(/** @type {string} */ (token), '{ viewer { employee { id } } }');
    const member = `mutation ($l: ID!, $e: ID!, $r: [Role!]!) {
      setMember(liveChatId: $l, employeeId: $e, roles: $r) { userErrors { code } } }`;
    await ask(ada, member, { l: liveChatId, e: viewer.employee.id, r: [role] });
  }
});

const counters = hear(ann, 'subscription { counters { version queue workspaceBadge } }');
const alerts = hear(ann, 'subscription { alerts { kind session { id name } } }');
const overseen = hear(sue, 'subscription { sessions { kind session { id state } } }');

await step('the sockets of an operator and a supervisor hear what is so now', async () => {
  await soon('the counters', () => counters.came.length > 0);
  equal(counters.came[0].counters.queue, 0, 'the queue');
  await soon('READY', () => overseen.came.some(({ sessions }) => sessions?.kind === 'READY'));
  await ask(ann, 'mutation { setPresence(presence: ONLINE) { userErrors { code } } }');
});

await step('a visitor gets a token of the widget, and writes', async () => {
  const response = await fetch(`${http}/widget/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ liveChatId, name: 'Zoe' }),
  });
  equal(response.status, 200, 'the status');
  zoe = /** @type {any} */ (await response.json()).token;
  const post = `mutation ($key: String!) { postMessage(text: "Where is my parcel?", clientMessageId: $key) {
    message { seq } userErrors { code } } }`;
  const key = randomUUID();
  const { postMessage } = await ask(zoe, post, { key });
  equal(postMessage.message.seq, 1, 'its number');
  // A weak network sends it again: it is there once.
  equal((await ask(zoe, post, { key })).postMessage.message.seq, 1, 'the number of the second');
});

await step('the stream wakes the fan-out: the counter jumps and it rings', async () => {
  await soon('the counter', () => counters.came.at(-1)?.counters?.queue === 1);
  await soon('the alert', () => alerts.came.length > 0);
  equal([alerts.came[0].alerts.kind, alerts.came[0].alerts.session.name], ['NEW_SESSION', 'Zoe'], 'it');
  await soon('OPENED', () => overseen.came.some(({ sessions }) => sessions?.kind === 'OPENED'));
});

const dialog = hear(zoe, 'subscription { conversationMessages(afterSeq: 1) { seq text } }');

await step('the operator takes it and answers, and the visitor is told', async () => {
  const take = 'mutation { claimNextSession { session { id state } userErrors { code } } }';
  const { session } = (await ask(ann, take)).claimNextSession;
  sessionId = session.id;
  equal(session.state, 'ASSIGNED', 'its state');
  await soon('CLAIMED', () => overseen.came.some(({ sessions }) => sessions?.kind === 'CLAIMED'));
  const send = `mutation ($id: ID!, $key: String!) { sendMessage(sessionId: $id, text: "On its way.",
    clientMessageId: $key) { message { seq } userErrors { code } } }`;
  await ask(ann, send, { id: sessionId, key: randomUUID() });
  await soon('the answer', () => dialog.came.length > 0);
  equal(dialog.came[0].conversationMessages, { seq: 2, text: 'On its way.' }, 'what came');
  await soon('the counter', () => counters.came.at(-1)?.counters?.queue === 0);
});

/** A picture of one pixel, as PNG. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

await step('the visitor sends a picture, the bucket wakes its check, and the operator sees it', async () => {
  const create = `mutation ($size: Int!) { createUpload(name: "broken.png", contentType: "image/png", size: $size) {
    upload { id url fields { name value } } userErrors { code } } }`;
  const { upload } = (await ask(zoe, create, { size: PICTURE.length })).createUpload;
  const form = new FormData();
  for (const { name, value } of upload.fields) form.append(name, value);
  form.append('file', new Blob([PICTURE]));
  const posted = await fetch(upload.url, { method: 'POST', body: form });
  equal(posted.status, 201, `the status: ${await posted.text()}`);
  const post = `mutation ($key: String!, $files: [ID!]) { postMessage(text: "", clientMessageId: $key,
    attachmentIds: $files) { message { seq } userErrors { code } } }`;
  await ask(zoe, post, { key: randomUUID(), files: [upload.id] });
  const look = `query ($id: ID!) { node(id: $id) { ... on Attachment { state contentType width url } } }`;
  await soon('READY', async () => (await ask(ann, look, { id: upload.id })).node?.state === 'READY');
  const { node } = await ask(ann, look, { id: upload.id });
  equal([node.contentType, node.width], ['image/png', 1], 'what was found');
  const read = Buffer.from(await (await fetch(node.url)).arrayBuffer());
  holds(read.equals(PICTURE), 'the same bytes');
});

await step('the stream wakes the worker: the session is found by its name', async () => {
  const search = '{ viewer { searchSessions(query: "zo", first: 5) { nodes { id } } } }';
  await soon('the hit', async () => {
    const { viewer } = await ask(sue, search);
    return viewer.searchSessions.nodes.some((/** @type {any} */ { id }) => id === sessionId);
  });
});

await step('a signed message of another system opens a session', async () => {
  const create = `mutation ($l: ID!) { createChannel(liveChatId: $l, kind: WEBHOOK, name: "Messenger") {
    channel { inboundPath } secret userErrors { code } } }`;
  const { channel, secret: key } = (await ask(ada, create, { l: liveChatId })).createChannel;
  const path = channel.inboundPath.split('/').at(-1);
  const message = { messageId: 'm1', from: { id: 'c1', name: 'Max' }, text: 'Hello' };
  equal((await deliver(http, path, message, 'wrong')).status, 401, 'of a wrong signature');
  equal((await deliver(http, path, message, key)).status, 200, 'of the right one');
  await soon('the counter', () => counters.came.at(-1)?.counters?.queue === 1);
});

await step('the session is closed, and its history stays', async () => {
  const close = `mutation ($id: ID!) { closeSession(sessionId: $id) { session { state
    messages(first: 10) { nodes { kind text } } } userErrors { code } } }`;
  const { session } = (await ask(ann, close, { id: sessionId })).closeSession;
  equal(session.state, 'CLOSED', 'its state');
  const kinds = session.messages.nodes.map((/** @type {any} */ { kind }) => kind);
  equal(kinds, ['CLIENT', 'EVENT', 'OPERATOR', 'CLIENT', 'EVENT'], 'the entries');
});

await step('the provider rotates its keys, and nobody is locked out', async () => {
  const fetched = issuer.fetched;
  issuer.rotate();
  ann = issuer.token('ann');
  const isLetIn = async () => {
    await pause(1_000);
    return ask(ann, '{ viewer { id } }').then(
      () => true,
      () => false,
    );
  };
  await soon('the new key', isLetIn);
  const socketOfAnn = hear(ann, 'subscription { counters { version } }');
  await soon('the new key at the socket', () => socketOfAnn.came.length > 0);
  holds(issuer.fetched > fetched, 'they were fetched again');
  await ask(ada, '{ viewer { id } }');
});

const telegram = new Telegram(telegramUrl, botToken, { http, ask, hear, soon });
await telegram.connect(ada, liveChatId);
await telegram.write(ann, liveChatId);
await telegram.answer(ann);

await step('no subscription failed', () => {
  const failed = [counters, alerts, overseen, dialog].map(({ failed: why }) => why);
  equal(failed, [undefined, undefined, undefined, undefined], 'faults');
});

/** Only what is there in the restored tables is there for these, and only their stream wakes anybody. */
async function afterRestoring() {
  chapter('After its tables were restored');
  // Functions that begin anew know the provider's present key alone.
  const [operator, supervisor] = [issuer.token('ann'), issuer.token('sue')];

  await step('the stack takes them in the place of its own', async () => {
    const [command, ...args] = restoring;
    const { stdout } = await promisify(execFile)(/** @type {string} */ (command), args);
    console.log(`  ${stdout.trim()}`);
  });

  await step('the session and its dialog are there', async () => {
    const look = `query ($id: ID!) { node(id: $id) { ... on Session { state
      messages(first: 10) { nodes { kind } } } } }`;
    const { node } = await ask(supervisor, look, { id: sessionId });
    equal([node.state, node.messages.nodes.length], ['CLOSED', 5], 'it');
  });

  const told = hear(operator, 'subscription { counters { version queue } }');
  let queue = -1;

  await step('a socket hears what is so', async () => {
    await soon('the counters', () => told.came.length > 0);
    queue = told.came[0].counters.queue;
  });

  await step('the visitor writes again, and the stream of the restored table wakes the fan-out', async () => {
    const post = `mutation ($key: String!) { postMessage(text: "It has not come.", clientMessageId: $key) {
      message { seq } userErrors { code } } }`;
    await ask(zoe, post, { key: randomUUID() });
    await soon('the counter', () => told.came.at(-1)?.counters?.queue === queue + 1);
  });

  await step('and it wakes the worker: both sessions are found', async () => {
    const search = '{ viewer { searchSessions(query: "zo", first: 5) { nodes { id } } } }';
    await soon('the hits', async () => {
      const { viewer } = await ask(supervisor, search);
      return viewer.searchSessions.nodes.length === 2;
    });
  });

  await telegram.answerAgain(operator);

  await step('no subscription failed then', () => equal(told.failed, undefined, 'faults'));
}

if (restoring.length > 0) await afterRestoring();

for (const line of lines) await line.dispose();
issuer.stop();
process.exit(summary() ? 0 : 1);
