import type { Browser, Locator, Page } from '@playwright/test';
import { post } from '../channel';
import { expect } from './stage';

/** A client of the demo's bot, in the page of the stand-in for Telegram. */
export class Messenger {
  private constructor(
    readonly page: Page,
    readonly name: string,
  ) {}

  static async open(
    browser: Browser,
    origin: string,
    name: string,
    username: string,
  ): Promise<Messenger> {
    await post(`${origin}/dev/telegram/api/people`, { firstName: name, username });
    const context = await browser.newContext({ viewport: { width: 900, height: 750 } });
    const page = await context.newPage();
    await page.goto(`${origin}/dev/telegram`);
    await page.getByRole('combobox', { name: 'You are' }).fill(name);
    await page.getByRole('button', { name: 'Switch' }).click();
    return new Messenger(page, name);
  }

  get field(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  /** The message with a text. */
  bubble(text: string): Locator {
    const said = this.page.getByText(text, { exact: true });
    return this.page.getByRole('log', { name: 'Chat' }).getByRole('listitem').filter({ has: said });
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
    await this.sees(text);
  }

  async sees(text: string): Promise<void> {
    await expect(this.bubble(text).last()).toBeVisible();
  }

  async replyTo(quoted: string, text: string): Promise<void> {
    await this.bubble(quoted).getByTitle('Reply').click();
    await this.write(text);
  }

  async edit(before: string, after: string): Promise<void> {
    await this.bubble(before).getByRole('button', { name: 'Edit' }).click();
    await this.write(after);
  }

  async setBlocked(isBlocked: boolean): Promise<void> {
    await this.page.getByRole('switch', { name: 'Block the bot' }).setChecked(isBlocked);
    await expect(this.field).toBeEnabled({ enabled: !isBlocked });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
