// @ts-check
// The other side of a webhook channel.

import { createHmac } from 'node:crypto';

import { DEADLINE_MS } from './expect.mjs';

const SECRET = 'demo-secret';

/**
 * Posts a signed message.
 * @param {string} origin
 * @param {string} channel the last part of the path
 * @param {{ messageId: string, from: { id: string, name?: string }, text: string, sentAt?: string }} message
 * @param {string} [secret]
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function deliver(origin, channel, message, secret = SECRET) {
  const body = JSON.stringify(message);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const answer = await fetch(`${origin}/channels/webhook/${channel}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` },
    body,
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  return { status: answer.status, body: await answer.json() };
}
