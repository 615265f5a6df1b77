import { expect, test as base, type Page } from '@playwright/test';
import { Operator } from '../operator';
import { Shop, startSystem, Wire, type ShopPage, type System } from '../system';

/** The id of the demo live chat Support, as the demo page has it. */
export const SUPPORT = 'TGl2ZUNoYXQ6ZGVtby9zdXBwb3J0';

/** A visitor of a page that carries the widget, and what they see of it. */
export class Visitor {
  constructor(
    readonly page: Page,
    /** Their name, which is the name of their session as well. */
    readonly name: string,
  ) {}

  get launcher() {
    return this.page.locator('.launcher');
  }

  get dialog() {
    return this.page.getByRole('dialog');
  }

  get input() {
    return this.dialog.getByRole('textbox');
  }

  get messages() {
    return this.dialog.locator('.message .text');
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.input).toBeFocused();
  }

  async write(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** These are shown, wherever they are. */
  async shows(...texts: string[]): Promise<void> {
    await expect(this.messages).toHaveText(texts);
  }

  /** These are shown, and stand in the conversation: nothing is on its way. */
  async sees(...texts: string[]): Promise<void> {
    await this.shows(...texts);
    await expect(this.dialog.locator('time.fate')).toHaveCount(texts.length);
  }
}

/** The widget's token, as it is stored. */
interface KeptToken {
  token: string;
  expiresAt: number;
  obtainedAt: number;
}

const tokenKey = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).find((name) => name.endsWith(' token')) ?? '');

/** The token that the widget keeps in this browser. */
export async function kept(page: Page): Promise<KeptToken> {
  const key = await tokenKey(page);
  const text = await page.evaluate((name) => localStorage.getItem(name), key);
  return JSON.parse(text ?? '{}') as KeptToken;
}

/** Changes it behind the widget's back. */
export async function keep(page: Page, changes: Partial<KeptToken>): Promise<void> {
  const key = await tokenKey(page);
  const text = JSON.stringify({ ...(await kept(page)), ...changes });
  await page.evaluate(
    ([name, value]) => {
      localStorage.setItem(name, value);
    },
    [key, text] as const,
  );
}

interface Everything {
  readonly origin: string;
  readonly operator: Operator;
  readonly shop: Shop;
}

interface Each {
  readonly wire: Wire;
  /** Makes a page with the widget and goes there, as somebody new. */
  readonly visit: (page?: Partial<ShopPage>) => Promise<Visitor>;
}

let visitors = 0;

export const test = base.extend<Each, Everything & { system: System }>({
  system: [
    // eslint-disable-next-line no-empty-pattern -- read by the library: it needs no other fixture
    async ({}, provide) => {
      const system = await startSystem();
      await provide(system);
      await system.stop();
    },
    { scope: 'worker' },
  ],
  origin: [async ({ system }, provide) => provide(system.origin), { scope: 'worker' }],
  operator: [
    async ({ origin }, provide) => provide(await Operator.arrive(origin, 'ann')),
    { scope: 'worker' },
  ],
  shop: [
    // eslint-disable-next-line no-empty-pattern -- read by the library: it needs no other fixture
    async ({}, provide) => {
      const shop = await Shop.open();
      await provide(shop);
      await shop.close();
    },
    { scope: 'worker' },
  ],
  wire: async ({ origin }, provide) => {
    const wire = await Wire.to(origin);
    await provide(wire);
    await wire.close();
  },
  visit: async ({ page, shop, wire }, provide) => {
    await provide(async (made = {}) => {
      visitors += 1;
      const name = `Visitor ${visitors} of ${process.pid}`;
      const tag = { 'live-chat': SUPPORT, api: wire.origin, name, ...made.tag };
      await page.goto(shop.put({ ...made, tag }));
      return new Visitor(page, name);
    });
  },
});

export { expect };
