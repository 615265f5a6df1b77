import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { createChannel, post } from './channel';
import { eventually } from './operator';

/** A post of the service. */
export interface Answer {
  type: string;
  deliveryId: string;
  to: { id: string };
  text: string;
  author: { name: string };
  replyTo: string | null;
}

/** A message of a client of the other system. */
interface Written {
  from: { id: string; name?: string; contacts?: { kind: string; value: string }[] };
  text: string;
  replyTo?: string;
}

/** A system of the company's own, with its clients: it posts what they write, and takes answers. */
export class OtherSystem {
  /** The status of the answers to calls, until it is another. */
  status = 204;
  /** All calls, in order; each is verified. */
  readonly calls: Answer[] = [];
  channelId = '';
  private url = '';
  private secret = '';

  private constructor(private readonly server: Server) {}

  /** Connects it to a live chat by a channel of its own. */
  static async connect(origin: string, liveChatId: string): Promise<OtherSystem> {
    const server = createServer();
    const system = new OtherSystem(server);
    server.on('request', (request, response) => {
      void textOf(request).then((body) => {
        response.writeHead(system.take(body, request.headers)).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const replyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answers`;
    const channel = await createChannel(origin, liveChatId, 'WEBHOOK', { webhook: { replyUrl } });
    Object.assign(system, { channelId: channel.id, url: channel.url, secret: channel.secret });
    return system;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Posts a message; gives its id. */
  async write(written: Written): Promise<string> {
    const messageId = randomUUID();
    await this.post({ messageId, ...written });
    return messageId;
  }

  /** Says how far an answer has come. */
  async report(deliveryId: string, state: string, error?: object): Promise<void> {
    await this.post({ type: 'receipt', deliveryId, state, ...(error && { error }) });
  }

  /** Waits for the first call with a text. */
  receives(text: string): Promise<Answer> {
    const find = () => Promise.resolve(this.calls.find((call) => call.text === text));
    return eventually(find, `the call with "${text}"`);
  }

  private async post(content: object): Promise<void> {
    const body = JSON.stringify(content);
    const signature = createHmac('sha256', this.secret).update(body).digest('hex');
    await post(this.url, body, { 'X-Signature': `sha256=${signature}` });
  }

  /** Notes a call, and gives the status to answer with. One that is not signed as it should be is refused. */
  private take(body: string, headers: IncomingHttpHeaders): number {
    try {
      const webhook = new Webhook(this.secret);
      const answer = webhook.verify(body, headers as Record<string, string>) as Answer;
      this.calls.push(answer);
      return this.status;
    } catch {
      return 400;
    }
  }
}
