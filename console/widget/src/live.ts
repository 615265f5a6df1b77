import { createClient, type Client } from 'graphql-ws/client';
import { Failure, failureIn } from './api';
import type { TypedDocumentString } from './generated/operations';
import type { Token } from './token';
import { Backoff } from './wait';

/** The time after which a quiet connection is tested, and the time for its answer. */
const KEEP_ALIVE_MILLIS = 4 * 60_000;
const PONG_MILLIS = 8_000;

/** The reactions to a subscription. */
export interface Sink<Data> {
  next: (data: Data) => void;
  /** Something was lost: reads again. The subscription begins anew when that is done. */
  resync?: () => Promise<void>;
}

/** The visitor's socket: opened with the first subscription, and opened again until it is. */
export class Live {
  private readonly client: Client;
  private readonly backoff = new Backoff(500, 30_000);
  private socket: WebSocket | null = null;
  private pongDue: ReturnType<typeof setTimeout> | undefined;
  private presentedToken = '';
  /** True if the service refused the last attempt, perhaps for want of a ticket. */
  private isShut = false;

  constructor(
    url: string,
    private readonly token: Pick<Token, 'get' | 'refuse' | 'needsSocketTicket'>,
    private readonly onConnection: (isConnected: boolean) => void,
    private readonly askTicket: (token: string) => Promise<string>,
  ) {
    this.client = createClient({
      url: () => this.address(url),
      keepAlive: KEEP_ALIVE_MILLIS,
      // A subscription that begins anew does not need a new connection.
      lazyCloseTimeout: 60_000,
      retryAttempts: Infinity,
      retryWait: () => this.backoff.wait(),
      // A socket that fails says so with an event that is no close event. Only what the service
      // says to refuse a connection, and what we throw ourselves, are errors.
      shouldRetry: (thrown) => !(thrown instanceof Error) || 'code' in thrown,
      connectionParams: async () => {
        this.presentedToken = await this.token.get();
        return { authorization: `Bearer ${this.presentedToken}` };
      },
      on: {
        opened: () => {
          this.isShut = false;
        },
        connected: (socket) => {
          this.connected(socket as WebSocket);
        },
        closed: () => {
          this.closed();
        },
        error: () => {
          this.closed();
        },
        ping: (isReceived) => {
          if (!isReceived) this.expectPong();
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(this.pongDue);
        },
      },
    });
  }

  /** Listens, through broken connections and refusals. Gives back how to stop. */
  follow<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: () => Variables & Record<string, unknown>,
    sink: Sink<Data>,
  ): () => void {
    let isStopped = false;
    let stop: () => void = () => undefined;
    const start = () => {
      if (isStopped) return;
      let isOver = false;
      const over = (thrown: unknown) => {
        // A subscription that is stopped for an error still completes.
        if (isOver || isStopped) return;
        isOver = true;
        stop();
        void this.recover(thrown, sink.resync).then(start);
      };
      // After a broken connection the library sends the same object again: what it asks then is
      // to begin where we are, not where we were.
      const payload = {
        query: document.toString(),
        get variables() {
          return variables();
        },
      };
      stop = this.client.subscribe<Data>(payload, {
        next: ({ data, errors }) => {
          // The library hears a little longer than it is asked to.
          if (isStopped || isOver) return;
          if (data != null) sink.next(data);
          else over(errors);
        },
        error: over,
        complete: () => {
          over(null);
        },
      });
    };
    start();
    return () => {
      isStopped = true;
      stop();
    };
  }

  /** The network is back or the page is shown again: does not wait, and does not trust. */
  check(): void {
    this.backoff.wake();
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send('{"type":"ping"}');
    this.expectPong();
  }

  /** Ends the connection for good. */
  stop(): void {
    void this.client.dispose();
  }

  /**
   * The address of the socket: with a ticket where the service wants one, or may have begun to. Where
   * none is to be had, without: the socket is refused and tried again, while an error would end it.
   */
  private async address(url: string): Promise<string> {
    const isWanted = this.isShut || this.token.needsSocketTicket();
    this.isShut = true;
    if (!isWanted) return url;
    try {
      const address = new URL(url);
      address.searchParams.set('ticket', await this.askTicket(await this.token.get()));
      return address.href;
    } catch {
      return url;
    }
  }

  private async recover(thrown: unknown, resync?: () => Promise<void>): Promise<void> {
    const failure = thrown instanceof Failure ? thrown : failureIn(thrown);
    if (failure?.code === 'RESYNC' && resync !== undefined) return resync();
    if (thrown instanceof Error && !(thrown instanceof Failure)) {
      this.token.refuse(this.presentedToken);
    }
    return this.backoff.wait();
  }

  private connected(socket: WebSocket): void {
    this.socket = socket;
    this.backoff.reset();
    this.onConnection(true);
  }

  private closed(): void {
    clearTimeout(this.pongDue);
    this.socket = null;
    this.onConnection(false);
  }

  private expectPong(): void {
    clearTimeout(this.pongDue);
    this.pongDue = setTimeout(() => {
      this.client.terminate();
    }, PONG_MILLIS);
  }
}
