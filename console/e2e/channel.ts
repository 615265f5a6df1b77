import { Operator, type Act } from './operator';

/** A channel, as the administrator who creates it has it. */
export interface Channel {
  readonly id: string;
  /** The path that the other side posts to. */
  readonly url: string;
  readonly secret: string;
}

/** Connects a live chat; `settings` is the one that fits the kind. */
export async function createChannel(
  origin: string,
  liveChatId: string,
  kind: 'WEBHOOK' | 'TELEGRAM' | 'WHATSAPP',
  settings: object,
): Promise<Channel> {
  const ada = await Operator.arrive(origin, 'ada');
  const query = `mutation($l: ID!, $kind: ChannelKind!, $name: String!, $s: ChannelSettingsInput) {
    createChannel(liveChatId: $l, kind: $kind, name: $name, settings: $s) {
      channel { id inboundPath }
      secret
      userErrors { code message }
    }
  }`;
  const variables = { l: liveChatId, kind, name: NAMES[kind], s: settings };
  const { createChannel: created } = await ada.ask<{ createChannel: Created }>(query, variables);
  const { channel, secret, userErrors } = created;
  if (channel === null) throw new Error(JSON.stringify(userErrors));
  return { id: channel.id, url: origin + channel.inboundPath, secret: secret ?? '' };
}

const NAMES = { WEBHOOK: 'Shop', TELEGRAM: 'Telegram', WHATSAPP: 'WhatsApp' };

interface Created extends Act {
  channel: { id: string; inboundPath: string } | null;
  secret: string | null;
}

/** Posts JSON and returns what is answered; anything but a success fails the test. */
export async function post<Answer>(
  url: string,
  body: object | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
