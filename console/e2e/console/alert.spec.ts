import type { Page } from '@playwright/test';
import { Operator } from '../operator';
import { expect, test } from './stage';

/** What a page rang and showed on the desktop, as the browser was told. */
interface Heard {
  tones: number;
  notifications: string[];
  hasFocus: boolean;
}
declare global {
  interface Window {
    heard: Heard;
  }
}

/** Stands where the browser's sound and notifications are; the permission is of all tabs, as it is. */
function listenIn(): void {
  const heard: Heard = { tones: 0, notifications: [], hasFocus: true };
  window.heard = heard;
  document.hasFocus = () => heard.hasFocus;
  class CountedOscillator extends OscillatorNode {
    override start(when?: number): void {
      heard.tones += 1;
      super.start(when);
    }
  }
  AudioContext.prototype.createOscillator = function () {
    return new CountedOscillator(this);
  };
  class FakeNotification {
    static get permission(): string {
      return localStorage.getItem('test.permission') ?? 'default';
    }
    static requestPermission(): Promise<string> {
      localStorage.setItem('test.permission', 'granted');
      return Promise.resolve('granted');
    }
    constructor(title: string, options?: NotificationOptions) {
      heard.notifications.push(`${title}: ${options?.body ?? ''}`);
    }
    close(): void {
      heard.notifications.pop();
    }
  }
  Object.defineProperty(window, 'Notification', { value: FakeNotification });
}

/** What all tabs rang and showed together. */
async function heardIn(tabs: readonly Page[]): Promise<{ tones: number; notifications: string[] }> {
  const each = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.heard)));
  return {
    tones: each.reduce((sum, { tones }) => sum + tones, 0),
    notifications: each.flatMap(({ notifications }) => notifications),
  };
}

test('an alert rings once for all tabs, shows on the desktop when asked to, and can be muted', async ({
  arrive,
  client,
  system,
}) => {
  const ann = await arrive('Ann');
  const context = ann.page.context();
  await context.addInitScript(listenIn);
  await ann.page.reload();
  await expect(ann.queue).toBeVisible();
  const other = await context.newPage();
  await other.goto(ann.page.url());
  const signIn = other.getByRole('button', { name: /^Ann / }).first();
  await expect(signIn.or(other.getByRole('switch', { name: 'Available' }))).toBeVisible();
  if (await signIn.isVisible()) await signIn.click();
  await expect(other.getByRole('switch', { name: 'Available' })).toBeVisible();
  const tabs = [ann.page, other];
  // Nobody is asked for a permission before they want what it is for.
  expect(await ann.page.evaluate(() => Notification.permission)).toBe('default');
  // A tab that nobody touched may not sound.
  await other.getByRole('switch', { name: 'Available' }).focus();
  await other.keyboard.press('Shift');
  await ann.page.getByRole('button', { name: 'Settings of Ann' }).click();
  await ann.page.getByRole('menuitemcheckbox', { name: 'Desktop notifications' }).click();
  await ann.page.keyboard.press('Escape');

  const alert = async (name: string, tones: number, notifications: number) => {
    await (await client(name)).write(`I am ${name}`);
    for (const tab of tabs) {
      await expect(tab.getByRole('alert').filter({ hasText: name })).toBeVisible();
    }
    await expect
      .poll(async () => {
        const heard = await heardIn(tabs);
        return [heard.tones, heard.notifications.length];
      })
      .toEqual([tones, notifications]);
  };
  const look = (hasFocus: boolean) =>
    Promise.all(tabs.map((tab) => tab.evaluate((has) => (window.heard.hasFocus = has), hasFocus)));

  // Two tones are one ring. What one looks at needs no notification.
  await alert('Nora', 2, 0);
  await look(false);
  await alert('Omar', 4, 1);
  expect((await heardIn(tabs)).notifications[0]).toBe('New in Support: Omar\nI am Omar');
  await ann.page.getByRole('button', { name: 'Settings of Ann' }).click();
  await ann.page.getByRole('menuitemcheckbox', { name: 'Sound' }).click();
  await ann.page.keyboard.press('Escape');
  // Had it rung in both tabs before, it would be seen by now.
  await alert('Pia', 4, 2);
  // Nobody is left waiting for the tests that count who waits.
  const bob = await Operator.arrive(system.origin, 'bob');
  for (const name of ['Nora', 'Omar', 'Pia']) {
    const id = await bob.take(name);
    await bob.ask(`mutation { closeSession(sessionId: "${id}") { userErrors { code } } }`);
  }
  await bob.ask('mutation { setPresence(presence: OFFLINE) { userErrors { code } } }');
});
