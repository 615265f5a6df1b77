import { createClient, type Client } from 'graphql-ws';
import type { Config } from '../app/config';
import type { Identity } from '../sign-in/identity';
import type { Connection } from './connection';
import { pause } from './pause';
import { ticketed } from './ticket';

const KEEP_ALIVE = 30_000;
const PONG_WITHIN = 10_000;

/** The socket that all feeds share. It connects with the first and comes back by itself. */
export function createSocket(
  { socketUrl, ticketUrl }: Pick<Config, 'socketUrl' | 'ticketUrl'>,
  identity: Identity,
  connection: Connection,
): Client {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: ticketUrl === undefined ? socketUrl : () => ticketed(socketUrl, ticketUrl, identity),
    keepAlive: KEEP_ALIVE,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: pause,
    connectionParams: async () => ({ authorization: `Bearer ${await identity.token()}` }),
    on: {
      connected: () => {
        connection.set('connected');
      },
      closed: () => {
        clearTimeout(silence);
        connection.set('lost');
      },
      // After sleep a socket may look open and be dead: whoever does not answer a ping is let go.
      ping: (received) => {
        if (received) return;
        silence = setTimeout(() => {
          client.terminate();
        }, PONG_WITHIN);
      },
      pong: (received) => {
        if (received) clearTimeout(silence);
      },
    },
  });
  return client;
}
