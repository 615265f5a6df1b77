// @ts-check
// What Lambda is to a function: the Runtime API, and the environment that the process finds. And what AWS
// is to it: a DynamoDB that is empty and a Secrets Manager with one secret.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';

import { eventually } from './expect.mjs';

const PREFIX = '/2018-06-01/runtime';

/** @param {import('node:http').RequestListener} listener */
async function serve(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { place: `127.0.0.1:${port}`, close };
}

/** DynamoDB without an item, and a secret. `asked` has the targets of all requests. */
export async function emptyCloud(/** @type {unknown} */ settings) {
  const asked = /** @type {string[]} */ ([]);
  const { place, close } = await serve((request, response) => {
    const target = String(request.headers['x-amz-target']);
    asked.push(target);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    const isSecret = target === 'secretsmanager.GetSecretValue';
    response.end(JSON.stringify(isSecret ? { SecretString: JSON.stringify(settings) } : {}));
  });
  return { endpoint: `http://${place}`, asked, close };
}

/** The environment of a function of a stack whose services are all here. @param {string} endpoint */
export function environmentOf(endpoint) {
  return {
    CORE_TABLE: 'core',
    LIVE_TABLE: 'live',
    SEARCH_TABLE: 'search',
    IDENTITY_SECRET: 'identity',
    METRICS_NAMESPACE: 'ChatDesk/test',
    DYNAMODB_ENDPOINT: endpoint,
    SECRETS_ENDPOINT: endpoint,
    CONNECTIONS_ENDPOINT: endpoint,
    OUTBOUND_QUEUE: `${endpoint}/1/outbound.fifo`,
    QUEUE_ENDPOINT: endpoint,
    CREDENTIALS_KEY: 'arn:aws:kms:eu-central-1:1:key/1',
    KEYS_ENDPOINT: endpoint,
    INBOUND_URL: 'https://api.example.com',
  };
}

/** An event of the HTTP API. @param {string} method @param {string} path @param {unknown} [body] */
export function http(method, path, body) {
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'api.example.com' },
    requestContext: {
      accountId: '1',
      apiId: 'a',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'r-1',
      routeKey: '$default',
      stage: '$default',
      time: '25/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_600_800_000,
    },
    isBase64Encoded: false,
  };
  return body === undefined ? event : { ...event, body: JSON.stringify(body) };
}

/** One instance of a function. */
export class Instance {
  /** @type {(import('node:http').ServerResponse)[]} */
  #waiting = [];
  /** @type {Map<string, (answer: { status: 'response' | 'error', body: any }) => void>} */
  #running = new Map();
  #invocations = 0;
  /** How often it asked for work. */
  asked = 0;
  /** What it wrote into its log. */
  log = '';
  /** Milliseconds from its start until it first asked for work. */
  startedIn = NaN;

  /**
   * @param {string} program
   * @param {Record<string, string>} environment
   */
  static async start(program, environment) {
    const instance = new Instance();
    const { place, close } = await serve((request, response) => {
      instance.#answer(request, response).catch((/** @type {unknown} */ fault) => {
        response.writeHead(500).end(String(fault));
      });
    });
    instance.close = close;
    const began = performance.now();
    instance.began = began;
    const child = spawn(program, {
      env: {
        AWS_LAMBDA_RUNTIME_API: place,
        AWS_LAMBDA_FUNCTION_NAME: 'function',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
        AWS_LAMBDA_LOG_LEVEL: 'INFO',
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => (instance.log += part));
    }
    instance.child = child;
    instance.ended = once(child, 'exit');
    return instance;
  }

  began = 0;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  child;
  /** @type {Promise<any[]>} */
  ended = Promise.resolve([]);
  close = () => {};

  /** Waits until it is ready for work. */
  async ready() {
    await eventually('ready for work', () => this.#waiting.length > 0 || this.child?.exitCode !== null);
    if (this.#waiting.length === 0) throw new Error(`it ended: ${this.log}`);
  }

  /** Gives it an event, and waits for what comes of it. @param {unknown} event */
  async invoke(event) {
    await this.ready();
    const id = `invocation-${(this.#invocations += 1)}`;
    const answered = new Promise((resolve) => this.#running.set(id, resolve));
    const response = /** @type {import('node:http').ServerResponse} */ (this.#waiting.shift());
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 15_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:1:function:function',
    });
    response.end(JSON.stringify(event));
    return /** @type {Promise<{ status: 'response' | 'error', body: any }>} */ (answered);
  }

  /** Ends it as Lambda does, and says how it ended. */
  async stop() {
    this.child?.kill('SIGTERM');
    const [code, signal] = await this.ended;
    this.close();
    return code ?? signal;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    const path = (request.url ?? '').slice(PREFIX.length);
    if (path === '/invocation/next') {
      this.asked += 1;
      if (this.asked === 1) this.startedIn = performance.now() - this.began;
      this.#waiting.push(response);
      return;
    }
    const body = await text(request);
    const [, id = '', status] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    response.writeHead(202).end('{}');
    const resolve = this.#running.get(id);
    this.#running.delete(id);
    resolve?.({ status: /** @type {'response' | 'error'} */ (status), body: JSON.parse(body) });
  }
}
