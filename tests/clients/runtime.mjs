// @ts-check
// The function archives as Lambda starts them, against a stand-in of the Runtime API:
//
//     node runtime.mjs FOLDER
//
// FOLDER has `NAME/bootstrap.zip` for each function. Sizes and times to start are figures: those that
// stand here are bounds that a mistake would break, times many times what they are on a quiet machine.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { equal, holds } from './lib/expect.mjs';
import { widgetKey } from './lib/issuer.mjs';
import { emptyCloud, environmentOf, http, Instance } from './lib/runtime-api.mjs';
import { chapter, step, summary } from './lib/steps.mjs';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node runtime.mjs FOLDER');
  process.exit(2);
}
const MEGABYTE = 1024 * 1024;
/** What executes the schema is most of an archive. */
const LARGEST = { attachments: 5, fanout: 6, graphql: 6.5, inbound: 5, outbound: 5, presence: 5, socket: 6.5, worker: 5 };
const SLOWEST_START_MS = 500;
const STARTS = 9;

const place = mkdtempSync(join(tmpdir(), 'functions-'));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
for (const name of names) {
  const archive = join(folder, name, 'bootstrap.zip');
  execFileSync('python3', ['-m', 'zipfile', '-e', archive, join(place, name)]);
  execFileSync('chmod', ['+x', join(place, name, 'bootstrap')]);
}
const program = (/** @type {string} */ name) => join(place, name, 'bootstrap');

const cloud = await emptyCloud({ widgetKeys: [{ id: '1', privateKey: widgetKey() }] });
const environment = environmentOf(cloud.endpoint);
/** What may be asked without a token. */
const hello = http('POST', '/graphql', { query: '{ __typename }' });

chapter('The archives');

await step('there is one for each function', () => equal(names, Object.keys(LARGEST), 'their names'));

for (const [name, megabytes] of Object.entries(LARGEST)) {
  const bytes = statSync(join(folder, name, 'bootstrap.zip')).size;
  await step(`${name} has ${(bytes / MEGABYTE).toFixed(2)} MB of at most ${megabytes}`, () =>
    holds(bytes <= megabytes * MEGABYTE, `${bytes} bytes`),
  );
}

chapter('Starting');

for (const name of names) {
  const times = /** @type {number[]} */ ([]);
  for (let start = 0; start < STARTS; start += 1) {
    const instance = await Instance.start(program(name), environment);
    await instance.ready();
    times.push(instance.startedIn);
    await instance.stop();
  }
  times.sort((one, other) => one - other);
  const [least, median] = [times[0] ?? NaN, times[(STARTS - 1) / 2] ?? NaN];
  const figure = `${least.toFixed(1)} ms at best, ${median.toFixed(1)} ms in the middle of ${STARTS}`;
  await step(`${name} is ready for work in ${figure}`, () =>
    holds(median < SLOWEST_START_MS, `${median} ms`),
  );
}

await step('the connection to DynamoDB is open, and the secret read, before work is asked for', async () => {
  cloud.asked.length = 0;
  const instance = await Instance.start(program('graphql'), environment);
  await instance.ready();
  equal([...cloud.asked].sort(), ['DynamoDB_20120810.GetItem', 'secretsmanager.GetSecretValue'], 'it');
  await instance.stop();
});

await step('a function whose state is away starts all the same, and says so when it is asked', async () => {
  const away = 'http://127.0.0.1:1';
  const instance = await Instance.start(program('graphql'), {
    ...environment,
    DYNAMODB_ENDPOINT: away,
    SECRETS_ENDPOINT: away,
  });
  const part = (/** @type {unknown} */ value) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'RS256' })}.${part({ iss: 'https://id.example.com' })}.AAAA`;
  const headers = { ...hello.headers, authorization: `Bearer ${token}` };
  const { body } = await instance.invoke({ ...hello, headers });
  equal([body.statusCode, JSON.parse(body.body).errors[0].extensions.code], [503, 'UNAVAILABLE'], 'it');
  await instance.stop();
});

await step('a function that is set up wrongly says what is missing, and ends', async () => {
  const { CORE_TABLE: _, ...incomplete } = environment;
  const instance = await Instance.start(program('worker'), incomplete);
  const [code] = await instance.ended;
  instance.close();
  holds(code !== 0 && instance.log.includes('CORE_TABLE'), `${code}: ${instance.log}`);
});

chapter('Working');

await step('an instance is used again, also after an event that it cannot read', async () => {
  const instance = await Instance.start(program('graphql'), environment);
  for (let turn = 0; turn < 2; turn += 1) {
    const { status, body } = await instance.invoke(hello);
    equal([status, body.statusCode], ['response', 200], 'the answer');
    equal(JSON.parse(body.body).data, { __typename: 'Query' }, 'the data');
    const wrong = await instance.invoke({ hello: 'world' });
    equal(wrong.status, 'error', 'what comes of a bad event');
  }
  equal((await instance.invoke(hello)).body.statusCode, 200, 'the status after it');
  await instance.stop();
});

await step('an instance asks for the next event when it has answered, and not before', async () => {
  const instance = await Instance.start(program('graphql'), environment);
  await instance.ready();
  equal(instance.asked, 1, 'how often it has asked at first');
  for (let turn = 2; turn < 6; turn += 1) {
    await instance.invoke(hello);
    await instance.ready();
    equal(instance.asked, turn, 'how often it has asked');
  }
  await instance.stop();
});

await step('many instances work at once', async () => {
  const instances = await Promise.all(
    Array.from({ length: 8 }, () => Instance.start(program('graphql'), environment)),
  );
  const answers = await Promise.all(instances.map((instance) => instance.invoke(hello)));
  equal(new Set(answers.map(({ body }) => body.statusCode)), new Set([200]), 'the statuses');
  await Promise.all(instances.map((instance) => instance.stop()));
});

await step('metrics and a line for each operation are in the log, as JSON', async () => {
  const instance = await Instance.start(program('graphql'), environment);
  await instance.invoke(http('POST', '/graphql', { query: 'query Named { __typename }' }));
  await instance.ready();
  await instance.stop();
  const lines = instance.log.trim().split('\n').map((line) => JSON.parse(line));
  const metrics = lines.find((line) => '_aws' in line);
  const namespace = metrics?._aws.CloudWatchMetrics[0].Namespace;
  equal([namespace, metrics?.Function, metrics?.Operations], ['ChatDesk/test', 'graphql', 1], 'metrics');
  const told = JSON.stringify(lines.filter((line) => !('_aws' in line)));
  holds(told.includes('"Named"') && told.includes('r-1'), told);
});

await step('the widget gets no token for what is not there, and the door says so', async () => {
  const instance = await Instance.start(program('inbound'), environment);
  const { body } = await instance.invoke(http('POST', '/widget/token', { liveChatId: 'nothing' }));
  equal(body.statusCode, 404, 'the status');
  await instance.stop();
});

await step('a batch of nothing fails nothing', async () => {
  for (const name of ['fanout', 'worker', 'outbound']) {
    const instance = await Instance.start(program(name), environment);
    const { body } = await instance.invoke({ Records: [] });
    equal(body, { batchItemFailures: [] }, name);
    await instance.stop();
  }
});

await step('a sweep of what is due queues nothing, and what is neither is an error', async () => {
  const instance = await Instance.start(program('outbound'), environment);
  equal((await instance.invoke({ sweep: true })).body, { queued: 0 }, 'what it did');
  equal((await instance.invoke({ hello: 'world' })).status, 'error', 'what comes of a bad event');
  await instance.stop();
});

await step('what talks to messengers says which of its settings is missing, and ends', async () => {
  for (const name of ['graphql', 'inbound', 'outbound', 'worker']) {
    for (const missing of ['OUTBOUND_QUEUE', 'CREDENTIALS_KEY', 'INBOUND_URL']) {
      const instance = await Instance.start(program(name), { ...environment, [missing]: '' });
      const [code] = await instance.ended;
      instance.close();
      holds(code !== 0 && instance.log.includes(missing), `${name}, ${missing}: ${code}: ${instance.log}`);
    }
  }
});

await step('a walk of leases finds nobody', async () => {
  const instance = await Instance.start(program('presence'), environment);
  const nothing = { pinged: 0, lapsed: 0, ended: 0, resynced: 0, failed: 0 };
  equal((await instance.invoke({})).body, nothing, 'what it did');
  await instance.stop();
});

await step('a message that nobody sent is no error of the socket function', async () => {
  const instance = await Instance.start(program('socket'), environment);
  const context = { routeKey: '$default', connectionId: 'c', requestId: 'r', connectedAt: 0 };
  const event = { requestContext: { ...context, requestTimeEpoch: 0 }, body: 'x', isBase64Encoded: false };
  const { status, body } = await instance.invoke(event);
  equal([status, body], ['response', { statusCode: 200 }], 'the answer');
  await instance.stop();
});

await step('SIGTERM ends it', async () => {
  const instance = await Instance.start(program('graphql'), environment);
  await instance.ready();
  holds(['SIGTERM', 0].includes(await instance.stop()), 'it ended by it');
});

cloud.close();
rmSync(place, { recursive: true });
process.exit(summary() ? 0 : 1);
