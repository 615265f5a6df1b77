import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const CLIENT_ID = 'desk';

interface Grant {
  challenge: string;
  redirect: string;
  nonce: string | null;
}

/** An identity provider as tenants have one: OpenID Connect, authorisation code with PKCE. */
export class Provider {
  /** The employee who signs in, whoever comes. */
  who = 'ann';
  /** The display name of that employee. */
  name = 'Ann Operator';
  /** True if that employee is an administrator of the tenant. */
  isAdministrator = false;
  /** The lifetime of the tokens, in seconds. */
  lasts = 3600;
  /** Kinds of grants that were asked for. */
  readonly granted: string[] = [];

  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly codes = new Map<string, Grant>();
  private readonly refreshing = new Set<string>();

  private constructor(
    private readonly server: Server,
    private readonly place: string,
  ) {}

  static async open(): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new Provider(server, await mkdtemp(join(tmpdir(), 'provider-')));
    server.on('request', (request, response) => {
      void provider.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Returns the `/config.json` of a page that signs in here. */
  config(origin: string): object {
    const graphql = `${origin}/graphql`;
    return {
      signIn: 'oidc',
      authority: this.url,
      clientId: CLIENT_ID,
      httpUrl: graphql,
      socketUrl: graphql,
    };
  }

  /** A file of settings in which the service trusts it. */
  async settings(tenant: string): Promise<string> {
    const file = join(this.place, 'issuers.json');
    const trusted = {
      issuer: this.url,
      algorithm: 'RS256',
      audiences: [CLIENT_ID],
      tenant: { fixed: tenant },
      claims: { administrator: { claim: 'groups', value: 'administrators' } },
    };
    await writeFile(file, JSON.stringify({ providers: [trusted] }));
    return file;
  }

  /** Nobody's session is renewed from now on. */
  forget(): void {
    this.refreshing.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.place, { recursive: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const json = (status: number, body: object) => {
      const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' };
      response.writeHead(status, headers).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json(200, {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          end_session_endpoint: `${this.url}/logout`,
          jwks_uri: `${this.url}/jwks.json`,
        });
        return;
      case '/jwks.json':
        json(200, { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: '1' }] });
        return;
      case '/authorize': {
        const asked = (name: string) => url.searchParams.get(name) ?? '';
        const code = randomUUID();
        const redirect = asked('redirect_uri');
        const nonce = url.searchParams.get('nonce');
        this.codes.set(code, { challenge: asked('code_challenge'), redirect, nonce });
        const back = new URL(redirect);
        back.search = new URLSearchParams({ code, state: asked('state') }).toString();
        response.writeHead(302, { Location: back.href }).end();
        return;
      }
      case '/token': {
        const granted = this.grant(new URLSearchParams(await text(request)));
        json(granted === undefined ? 400 : 200, granted ?? { error: 'invalid_grant' });
        return;
      }
      case '/logout':
        response
          .writeHead(302, { Location: url.searchParams.get('post_logout_redirect_uri') ?? '/' })
          .end();
        return;
      default:
        response.writeHead(404).end();
    }
  }

  private grant(asked: URLSearchParams): object | undefined {
    const kind = asked.get('grant_type') ?? '';
    this.granted.push(kind);
    if (kind === 'refresh_token') {
      return this.refreshing.has(asked.get('refresh_token') ?? '') ? this.tokens(null) : undefined;
    }
    const code = asked.get('code') ?? '';
    const grant = this.codes.get(code);
    this.codes.delete(code);
    const proof = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    const isTheirs = grant?.challenge === proof && grant.redirect === asked.get('redirect_uri');
    return isTheirs ? this.tokens(grant.nonce) : undefined;
  }

  private tokens(nonce: string | null): object {
    const now = Math.floor(Date.now() / 1000);
    const common = {
      iss: this.url,
      sub: this.who,
      aud: CLIENT_ID,
      iat: now,
      exp: now + this.lasts,
    };
    const refresh = randomUUID();
    this.refreshing.add(refresh);
    return {
      token_type: 'Bearer',
      expires_in: this.lasts,
      access_token: this.sign({
        ...common,
        name: this.name,
        groups: this.isAdministrator ? ['administrators'] : [],
      }),
      id_token: this.sign({ ...common, ...(nonce === null ? {} : { nonce }) }),
      refresh_token: refresh,
    };
  }

  private sign(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', kid: '1' })}.${part(claims)}`;
    const signature = createSign('RSA-SHA256')
      .update(signed)
      .sign(this.keys.privateKey, 'base64url');
    return `${signed}.${signature}`;
  }
}
