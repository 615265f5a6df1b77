import { expect, test as base, type Page } from '@playwright/test';
import { Operator } from './desk';
import { Shop, startSystem, Wire, type ShopPage, type System } from './system';

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

  async sees(...texts: string[]): Promise<void> {
    await expect(this.messages).toHaveText(texts);
  }
}

/** The token that the widget keeps in this browser. */
export async function tokenOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith(' token')) ?? '';
    return (JSON.parse(localStorage.getItem(key) ?? '{}') as { token: string }).token;
  });
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
