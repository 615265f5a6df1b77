// How long a function takes from its start to its first answer, beside one of Node.js with the same schema, bundled by
// esbuild: in turns, on this machine.
//
//     node start.mjs [--archives ../target/lambda] [--starts 25]
import { build } from 'esbuild';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { widgetKey } from '../tests/clients/lib/issuer.mjs';
import { emptyCloud, environmentOf, http as httpEvent } from '../tests/clients/lib/runtime-api.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    archives: { type: 'string', default: path.join(here, '../target/lambda') },
    starts: { type: 'string', default: '25' },
  },
});
const folder = mkdtempSync(path.join(tmpdir(), 'start-'));

/** Unpacks ours. */
function ours() {
  const archive = path.join(values.archives, 'graphql/bootstrap.zip');
  execFileSync('python3', ['-m', 'zipfile', '-e', archive, folder]);
  const program = path.join(folder, 'bootstrap');
  chmodSync(program, 0o755);
  return program;
}

/** Bundles the peer, as a program that Node.js runs. */
async function peer() {
  const { outputFiles } = await build({
    entryPoints: [path.join(here, 'peer/function.mjs')],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    loader: { '.graphql': 'text' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const program = path.join(folder, 'peer.mjs');
  writeFileSync(program, `#!${process.execPath}\n${outputFiles[0].text}`, { mode: 0o755 });
  return program;
}

const event = JSON.stringify(httpEvent('POST', '/graphql', { query: '{ __typename }' }));

/** The invocation that is under way: whether it was given out, and what to do with its answer. */
let invocation = { isGiven: false, answered: () => {} };
/** Lambda's Runtime API for one invocation: gives out the event, and notes when it is answered. */
const runtime = http.createServer((request, response) => {
  if (request.url?.endsWith('/next')) {
    if (invocation.isGiven) return;
    invocation.isGiven = true;
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': 'i-1',
      'lambda-runtime-deadline-ms': String(Date.now() + 15_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:1:function:function',
    });
    response.end(event);
    return;
  }
  let text = '';
  request.setEncoding('utf8').on('data', (part) => (text += part));
  request.on('end', () => {
    response.writeHead(202).end('{}');
    invocation.answered(text);
  });
});

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${server.address().port}`;
}

/** Starts a program, and returns the milliseconds until its first answer. */
async function start(program, places) {
  const began = performance.now();
  const answer = new Promise((answered) => (invocation = { isGiven: false, answered }));
  const child = spawn(program, {
    env: {
      AWS_LAMBDA_RUNTIME_API: places.runtime,
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...environmentOf(places.cloud),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (part) => (log += part));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const text = await Promise.race([answer, ended.then((code) => Promise.reject(new Error(`it ended: ${code} ${log}`)))]);
  const time = performance.now() - began;
  if (!JSON.parse(JSON.parse(text).body).data.__typename) throw new Error(`it answered ${text}`);
  child.kill('SIGKILL');
  await ended;
  return time;
}

const cloud = await emptyCloud({ widgetKeys: [{ id: '1', privateKey: widgetKey() }] });
const places = { cloud: cloud.endpoint, runtime: await listen(runtime) };
const programs = { ours: ours(), peer: await peer() };
const times = { ours: [], peer: [] };
for (let turn = 0; turn < Number(values.starts); turn += 1) {
  for (const name of ['ours', 'peer']) times[name].push(await start(programs[name], places));
}
const median = (figures) => figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)];
const [one, other] = [median(times.ours), median(times.peer)];
console.log(`from start to first answer: ${one.toFixed(1)} ms, the peer ${other.toFixed(1)} ms, ratio ${(other / one).toFixed(1)}`);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
