// Loads a system on this machine: desks that follow everything, and clients who write. Prints how soon a frame comes
// after its message, and how long after the last message every desk shows what is true.
//
//     node load.mjs --local ../target/release/local [--desks 40] [--rate 100] [--seconds 10]
//
// It starts that program on empty data, with an identity provider of its own for the operators: each has 20 desks. Each
// client writes once a second.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';

import { Issuer } from '../tests/clients/lib/issuer.mjs';

const { values } = parseArgs({
  options: {
    local: { type: 'string' },
    desks: { type: 'string', default: '40' },
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
  },
});
const [desks, rate, seconds] = [Number(values.desks), Number(values.rate), Number(values.seconds)];
const DEADLINE_MS = 120_000;
const DESKS_OF_PERSON = 20;
const LIVE_CHAT = 'Support';
const DESK = `subscription { desk { counters { workspaceBadge unreadSessions unassignedSessions version }
  changes { kind session { id version } } alerts { id } } }`;
const COUNTERS = '{ viewer { counters { workspaceBadge unreadSessions unassignedSessions version } } }';
const POST = `mutation($text: String!, $id: String!) {
  postMessage(text: $text, clientMessageId: $id) { message { id } userErrors { code message } } }`;

const folder = mkdtempSync(path.join(tmpdir(), 'load-'));
const issuer = await Issuer.start();
const issuers = path.join(folder, 'issuers.json');
writeFileSync(issuers, JSON.stringify({ providers: [issuer.settings('demo')] }));
const local = spawn(values.local, ['--port', '0', '--no-console', '--data', folder, '--issuers', issuers]);
process.on('exit', () => {
  local.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
local.stderr.resume();
const url = await new Promise((resolve, reject) => {
  createInterface(local.stdout).on('line', (line) => line.startsWith('ready ') && resolve(line.slice('ready '.length)));
  local.on('exit', (code) => reject(new Error(`the system ended: ${code}`)));
});

/** The token of somebody of the demo. */
async function token(as) {
  const place = new URL('/dev/token', url);
  place.searchParams.set('as', as);
  if (as.startsWith('client:')) place.searchParams.set('liveChat', LIVE_CHAT);
  const answer = await fetch(place);
  return (await answer.json()).token;
}

async function ask(bearer, query, variables) {
  const answer = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** A desk: its last counters, and the moments of its frames. */
class Desk {
  counters = undefined;
  frames = 0;
  last = 0;

  constructor(bearer) {
    this.bearer = bearer;
  }

  open() {
    const place = new URL('/graphql', url);
    place.protocol = 'ws:';
    const socket = new WebSocket(place, 'graphql-transport-ws');
    this.socket = socket;
    const says = (message) => socket.send(JSON.stringify(message));
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('a socket is closed')));
      socket.on('open', () => says({ type: 'connection_init', payload: { authorization: `Bearer ${this.bearer}` } }));
      socket.on('message', (text) => {
        const message = JSON.parse(text);
        if (message.type === 'ping') says({ type: 'pong' });
        if (message.type === 'connection_ack') says({ id: '1', type: 'subscribe', payload: { query: DESK } });
        if (message.type === 'error') reject(new Error(JSON.stringify(message.payload)));
        if (message.type !== 'next') return;
        this.last = performance.now();
        this.frames += 1;
        const { counters } = message.payload.data.desk;
        const isNewer = !this.counters || (counters && BigInt(counters.version) >= BigInt(this.counters.version));
        if (counters && isNewer) this.counters = counters;
        resolve();
      });
    });
  }
}

/** Makes somebody new an operator of the live chat, and returns their token. */
async function operator(number) {
  const bearer = issuer.token(`operator${number}`);
  const { viewer } = await ask(bearer, '{ viewer { employee { id } } }');
  const ada = await token('ada');
  const { administration } = await ask(ada, '{ administration { liveChats(first: 10) { nodes { id name } } } }');
  const { id } = administration.liveChats.nodes.find(({ name }) => name === LIVE_CHAT);
  const member = `mutation($l: ID!, $e: ID!) { setMember(liveChatId: $l, employeeId: $e, roles: [OPERATOR]) {
    userErrors { code } } }`;
  const { setMember } = await ask(ada, member, { l: id, e: viewer.employee.id });
  if (setMember.userErrors.length > 0) throw new Error(JSON.stringify(setMember.userErrors));
  return bearer;
}

const people = [];
for (let number = 0; number < Math.ceil(desks / DESKS_OF_PERSON); number += 1) people.push(await operator(number));
const all = Array.from({ length: desks }, (_, n) => new Desk(people[n % people.length]));
// All at the same moment, as when the network is back.
await Promise.all(all.map((desk) => desk.open()));

const clients = await Promise.all(Array.from({ length: rate }, (_, n) => token(`client:Load ${n}`)));
const waits = [];
let refused = 0;
const began = performance.now();
const sent = [];
for (let n = 0; n < rate * seconds; n += 1) {
  const due = began + (n * 1000) / rate;
  const wait = due - performance.now();
  if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  const one = ask(clients[n % clients.length], POST, { text: `Message ${n}`, id: `load-${n}` }).then(({ postMessage }) => {
    if (postMessage.userErrors.length > 0) refused += 1;
  });
  sent.push(one);
}
await Promise.all(sent);
const written = performance.now();

// True once each desk has what its person reads.
async function isExact() {
  const truth = new Map();
  for (const bearer of people) truth.set(bearer, (await ask(bearer, COUNTERS)).viewer.counters);
  return all.every((desk) => JSON.stringify(desk.counters) === JSON.stringify(truth.get(desk.bearer)));
}
while (!(await isExact())) {
  if (performance.now() - written > DEADLINE_MS) throw new Error('the desks do not come to what is true');
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const last = Math.max(...all.map((desk) => desk.last));

// One at a time, when it is quiet: from the answer of a message to its frame at a desk.
const watched = all[0];
for (let n = 0; n < 50; n += 1) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const frames = watched.frames;
  await ask(clients[n % clients.length], POST, { text: `Quiet ${n}`, id: `quiet-${n}` });
  const answered = performance.now();
  while (watched.frames === frames) await new Promise((resolve) => setImmediate(resolve));
  waits.push(watched.last - answered);
}
waits.sort((one, other) => one - other);
const spent = (written - began) / 1000;
console.log(
  `${rate * seconds} messages in ${spent.toFixed(1)} s (${((rate * seconds) / spent).toFixed(0)} a second), ` +
    `${refused} refused, ${all.length} desks, ${all.reduce((sum, desk) => sum + desk.frames, 0)} frames\n` +
    `every counter exact; the last frame came ${Math.max(0, last - written).toFixed(0)} ms after the last answer\n` +
    `from a message's answer to its frame, quiet: p50 ${waits[25].toFixed(1)} ms, p90 ${waits[45].toFixed(1)} ms`,
);
process.exit(0);
