import type { Identity } from '../sign-in/identity';

/**
 * The address of a socket, with a ticket that opens it within a minute. Where none is to be had now, the
 * address alone: the socket is refused and tried again later, while an error would end it for good.
 */
export async function ticketed(
  socketUrl: string,
  ticketUrl: string,
  identity: Pick<Identity, 'token'>,
): Promise<string> {
  const url = new URL(socketUrl);
  try {
    url.searchParams.set('ticket', await readTicket(ticketUrl, await identity.token()));
  } catch (error) {
    console.warn('There is no ticket for the socket.', error);
  }
  return url.href;
}

async function readTicket(ticketUrl: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(ticketUrl, { method: 'POST', headers });
  if (!response.ok) throw new Error(`The service answers ${response.status}.`);
  const { ticket } = (await response.json()) as { ticket: string };
  return ticket;
}
