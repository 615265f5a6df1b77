import { test as base, expect, type Browser, type Locator, type Page } from '@playwright/test';
import { ask, eventually, type Act } from '../operator';
import { startSystem, Wire, type System } from '../system';

/** Somebody at the desk, in a browser of their own. */
export class Colleague {
  /** The names of the requests that the page made, since this was emptied. */
  readonly requests: string[] = [];
  /** The subscriptions of the page since this list was emptied. */
  readonly feeds: string[] = [];

  private constructor(readonly page: Page) {
    page.on('request', (request) => {
      if (!request.url().endsWith('/graphql') || request.method() !== 'POST') return;
      const { operationName } = request.postDataJSON() as { operationName: string };
      this.requests.push(operationName);
    });
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const { type, payload: sent } = JSON.parse(String(payload)) as Frame;
        if (type === 'subscribe') this.feeds.push(sent?.operationName ?? '');
      });
    });
  }

  /** Opens the page and signs in as a demo person. */
  static async arrive(
    browser: Browser,
    origin: string,
    name: string,
    at = '/',
  ): Promise<Colleague> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 850 } });
    const page = await context.newPage();
    const colleague = new Colleague(page);
    await page.goto(origin + at);
    await page
      .getByRole('button', { name: new RegExp(`^${name} `) })
      .first()
      .click();
    await expect(page.getByRole('button', { name: 'Queue' }).first()).toBeVisible();
    return colleague;
  }

  get lists(): Locator {
    return this.page.getByRole('navigation', { name: 'Live chats' });
  }

  get dialog(): Locator {
    return this.page.getByRole('main');
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  get information(): Locator {
    return this.page.getByRole('complementary', { name: 'Information' });
  }

  /** The alerts that stand: the newest, and the count of the others. */
  get alerts(): Locator {
    return this.page.getByRole('region', { name: 'Alerts' });
  }

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: /^Search/ });
  }

  /** The session of a name, in whichever list it stands. */
  row(name: string): Locator {
    return this.lists.getByRole('link', { name });
  }

  get queue(): Locator {
    return this.page.getByRole('button', { name: /Claim the next|Nobody is waiting/ });
  }

  get badge(): Locator {
    return this.page.getByRole('banner').getByRole('link', { name: /ChatDesk/ });
  }

  async comeOnline(): Promise<void> {
    const presence = this.page.getByRole('switch', { name: 'Online' });
    if (!(await presence.isChecked())) await presence.click({ force: true });
    await expect(presence).toBeChecked();
  }

  async open(name: string): Promise<void> {
    await this.row(name).first().click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }

  async write(text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Reply to the client' });
    await field.fill(text);
    await field.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await expect(this.log.getByText(text, { exact: true }).first()).toBeVisible();
  }

  /** The message with a text, in the dialog. */
  entry(text: string): Locator {
    const said = this.page.getByText(text, { exact: true });
    return this.log.getByRole('article').filter({ has: said });
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}

interface Frame {
  type: string;
  payload?: { operationName?: string };
}

/** Somebody who writes from elsewhere. */
export class Client {
  private constructor(
    private readonly origin: string,
    readonly name: string,
    private readonly token: string,
    private readonly liveChatId: string | undefined,
  ) {}

  static async of(origin: string, name: string): Promise<Client> {
    const token = await tokenOf(origin, `client:${name}`);
    return new Client(origin, name, token, undefined);
  }

  /** An employee who writes to a live chat as a client. */
  static async inside(origin: string, as: string, name: string, liveChat: string): Promise<Client> {
    return new Client(origin, name, await tokenOf(origin, as), liveChat);
  }

  async write(text: string): Promise<void> {
    const query = `mutation($l: ID, $text: String!, $id: String!) {
      postMessage(liveChatId: $l, text: $text, clientMessageId: $id) { userErrors { code } }
    }`;
    const variables = { l: this.liveChatId, text, id: crypto.randomUUID() };
    const { postMessage } = await ask<{ postMessage: Act }>(
      this.origin,
      this.token,
      query,
      variables,
    );
    expect(postMessage.userErrors).toEqual([]);
  }

  async type(): Promise<void> {
    const query = 'mutation { setConversationTyping { userErrors { code } } }';
    await ask(this.origin, this.token, query);
  }

  /** Says that all that is there was on the client's screen. */
  async seeAll(): Promise<void> {
    const query = `{ conversation { messages(last: 1) { nodes { seq } } } }`;
    const { conversation } = await ask<Conversation>(this.origin, this.token, query);
    const upTo = conversation.messages.nodes[0]?.seq;
    const mark = `mutation($upTo: Int!) {
      markConversationRead(upToSeq: $upTo) { userErrors { code } }
    }`;
    await ask(this.origin, this.token, mark, { upTo });
  }

  /** Waits until the client sees a message. */
  async sees(text: string): Promise<void> {
    const query = `{ conversation { messages(last: 50) { nodes { text } } } }`;
    await eventually(async () => {
      const { conversation } = await ask<Conversation>(this.origin, this.token, query);
      return conversation.messages.nodes.some((message) => message.text === text) || undefined;
    }, `${this.name} to see "${text}"`);
  }
}

interface Conversation {
  conversation: { messages: { nodes: { seq: number; text: string }[] } };
}

async function tokenOf(origin: string, as: string): Promise<string> {
  const response = await fetch(`${origin}/dev/token?as=${encodeURIComponent(as)}&liveChat=Support`);
  return ((await response.json()) as { token: string }).token;
}

/** Has the service say another time than it is; gives how to change by how much. */
export async function shiftService(page: Page): Promise<(millis: number) => void> {
  let shift = 0;
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const date = new Date(Date.now() + shift).toUTCString();
    await route.fulfill({ response, headers: { ...response.headers(), date } });
  });
  return (millis) => {
    shift = millis;
  };
}

/** The id of the demo live chat Support. */
export const SUPPORT = 'TGl2ZUNoYXQ6ZGVtby9zdXBwb3J0';

/** Creates the apps, so that there is something to bind. */
async function createApps(origin: string): Promise<void> {
  const ada = await tokenOf(origin, 'ada');
  const create = `mutation($name: String!, $kind: AppKind!) {
    createApp(name: $name, kind: $kind) { app { id } }
  }`;
  const ids: string[] = [];
  for (const [name, kind] of [
    ['Accounts', 'ACCOUNT'],
    ['Requests', 'REQUEST'],
  ]) {
    const { createApp } = await ask<{ createApp: { app: { id: string } } }>(origin, ada, create, {
      name,
      kind,
    });
    ids.push(createApp.app.id);
  }
  const name = `mutation($id: ID!, $apps: [ID!]!) {
    setLiveChatApps(liveChatId: $id, appIds: $apps) { userErrors { code } }
  }`;
  await ask(origin, ada, name, { id: SUPPORT, apps: ids });
}

interface Fixtures {
  wire: Wire;
  arrive: (name: string, at?: string) => Promise<Colleague>;
  client: (name: string) => Promise<Client>;
}

/** Each file has a system of its own; each test people in browsers of their own. */
export const test = base.extend<Fixtures, { system: System }>({
  system: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants it written like this
    async ({}, give) => {
      const system = await startSystem({ withConsole: true });
      await createApps(system.origin);
      await give(system);
      await system.stop();
    },
    { scope: 'worker' },
  ],
  wire: async ({ system }, give) => {
    const wire = await Wire.to(system.origin);
    await give(wire);
    await wire.close();
  },
  arrive: async ({ browser, wire }, give) => {
    const arrived: Colleague[] = [];
    await give(async (name, at) => {
      const colleague = await Colleague.arrive(browser, wire.origin, name, at);
      arrived.push(colleague);
      return colleague;
    });
    for (const colleague of arrived) await colleague.leave();
  },
  client: async ({ system }, give) => {
    await give((name) => Client.of(system.origin, name));
  },
});

export { expect };
