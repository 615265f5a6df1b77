import { createChannel, post } from './channel';
import { eventually } from './operator';

/** A business's number at the stand-in for WhatsApp, and the people who write to it. */
export class WhatsApp {
  private constructor(
    private readonly origin: string,
    private readonly phoneNumberId: string,
  ) {}

  /** Connects a live chat to a number of its own. */
  static async connect(origin: string, liveChatId: string): Promise<WhatsApp> {
    const phoneNumberId = String(1_000_000 + Math.floor(Math.random() * 1_000_000));
    const number = { phoneNumberId, accessToken: 'token', appSecret: 'app-secret' };
    const { url, secret } = await createChannel(origin, liveChatId, 'WHATSAPP', {
      whatsApp: number,
    });
    const registration = { ...number, webhookUrl: url, verifyToken: secret, isAutomatic: false };
    await post(`${origin}/dev/whatsapp/api/numbers`, registration);
    return new WhatsApp(origin, phoneNumberId);
  }

  /** Writes as a client, and returns the id of the message. */
  async write(from: string, name: string, text: string, replyTo?: string): Promise<string> {
    const messages = [{ from, name, text, ...(replyTo === undefined ? {} : { replyTo }) }];
    const { ids } = await this.act<{ ids: string[] }>('messages', { messages });
    return ids[0] ?? '';
  }

  async edit(from: string, messageId: string, text: string): Promise<void> {
    await this.act('edit', { from, messageId, text });
  }

  /** Deletes a message for everybody. */
  async revoke(from: string, messageId: string): Promise<void> {
    await this.act('revoke', { from, messageId });
  }

  /** Says how far an answer has come. */
  async report(messageId: string, status: string): Promise<void> {
    await this.act('statuses', { statuses: [{ messageId, status }] });
  }

  /** Opens the chat as a client. */
  async read(person: string): Promise<void> {
    await this.act('read', { person });
  }

  /** Lets time pass for the messenger alone. */
  async advance(hours: number): Promise<void> {
    await this.act('advance', { hours });
  }

  /** Waits until an answer is in somebody's chat. */
  async receives(person: string, text: string): Promise<Received> {
    const chosen = new URLSearchParams({ phoneNumberId: this.phoneNumberId, person });
    return eventually(async () => {
      const response = await fetch(`${this.origin}/dev/whatsapp/api/chat?${chosen}`);
      const { messages } = (await response.json()) as { messages: Received[] };
      return messages.find((one) => one.isFromBusiness && one.text === text);
    }, `${person} to receive "${text}"`);
  }

  private act<Answer>(path: string, body: object): Promise<Answer> {
    const { origin, phoneNumberId } = this;
    return post<Answer>(`${origin}/dev/whatsapp/api/${path}`, { phoneNumberId, ...body });
  }
}

/** A message in a chat. */
export interface Received {
  id: string;
  text: string;
  isFromBusiness: boolean;
  replyTo: string | null;
}
