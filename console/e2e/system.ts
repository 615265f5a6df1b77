import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import {
  connect,
  createServer as createWire,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The system as a whole, on a port of its own. */
export interface System {
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

interface Options {
  readonly withConsole?: boolean;
  /** A file of settings that names identity providers. */
  readonly issuers?: string;
  /** True when a socket opens with a ticket only. */
  readonly needsTicket?: boolean;
}

/** Starts the local run; `CHATDESK_LOCAL` names its program. Its page has to be built before. */
export async function startSystem({
  withConsole,
  issuers,
  needsTicket,
}: Options = {}): Promise<System> {
  const program = process.env.CHATDESK_LOCAL ?? here('../../target/debug/local');
  const page = withConsole === true ? [] : ['--no-console'];
  const trusted = issuers === undefined ? [] : ['--issuers', issuers];
  const tickets = needsTicket === true ? ['--socket-tickets'] : [];
  const child = spawn(program, ['--port', '0', ...page, ...trusted, ...tickets], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  for await (const line of createInterface(child.stdout)) {
    const origin = /^ready (\S+)$/.exec(line)?.[1];
    if (origin !== undefined) return { origin, stop };
  }
  throw new Error(`${program} ended before it was ready`);
}

/** The network between the visitor and the service, which can be cut. */
export class Wire {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: NetServer,
    readonly origin: string,
  ) {}

  static async to(origin: string): Promise<Wire> {
    const { hostname, port } = new URL(origin);
    const server = createWire();
    const address = await listen(server);
    const wire = new Wire(server, address);
    server.on('connection', (near) => {
      wire.join(near, () => connect(Number(port), hostname));
    });
    return wire;
  }

  /** Ends all connections and takes no more. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, open: () => Socket): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = open();
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}

/** A page that carries the widget. */
export interface ShopPage {
  /** Attributes of the tag. */
  readonly tag: Record<string, string>;
  readonly head?: string;
  readonly body?: string;
  /** Attributes of the root element. */
  readonly html?: string;
  readonly csp?: string;
}

/** Somebody else's web site, at another origin than the service. */
export class Shop {
  private readonly pages = new Map<string, ShopPage>();
  private readonly files = new Map<string, { type: string; body: string }>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(): Promise<Shop> {
    const server = createServer();
    const shop = new Shop(server, await listen(server));
    server.on('request', (request, response) => {
      void shop.serve(request.url ?? '/').then(({ body, headers }) => {
        response.writeHead(body === null ? 404 : 200, headers);
        response.end(body);
      });
    });
    return shop;
  }

  /** Puts a page on the site and says where. */
  put(page: ShopPage): string {
    const path = `/page-${this.pages.size}`;
    this.pages.set(path, page);
    return this.origin + path;
  }

  /** Puts a file on the site and says where. */
  putFile(path: string, type: string, body: string): string {
    this.files.set(path, { type: `${type}; charset=utf-8`, body });
    return this.origin + path;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(address: string): Promise<{ body: string | null; headers: Headers }> {
    const { pathname: path } = new URL(address, this.origin);
    if (path === '/widget.js') {
      const body = await readFile(here('../dist/widget.js'), 'utf8');
      return { body, headers: { 'Content-Type': 'text/javascript; charset=utf-8' } };
    }
    const file = this.files.get(path);
    if (file !== undefined) return { body: file.body, headers: { 'Content-Type': file.type } };
    const page = this.pages.get(path);
    if (page === undefined) return { body: null, headers: {} };
    const headers: Headers = { 'Content-Type': 'text/html; charset=utf-8' };
    if (page.csp !== undefined) headers['Content-Security-Policy'] = page.csp;
    return { body: render(page), headers };
  }
}

type Headers = Record<string, string>;

function render({ tag, head = '', body = '', html = 'lang="en"' }: ShopPage): string {
  const attributes = Object.entries(tag).map(([name, value]) => `data-${name}="${value}"`);
  return `<!doctype html><html ${html}><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,"><title>A shop</title>${head}</head>
    <body><main><h1>A shop</h1>${body}</main>
    <script src="/widget.js" ${attributes.join(' ')} async></script></body></html>`;
}

async function listen(server: NetServer): Promise<string> {
  await new Promise<void>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve();
    }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
