import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { Operator } from '../operator';
import { expect, test, type Client, type Colleague } from './stage';

/** The tones and desktop notifications of a page, as the browser received them. */
interface Heard {
  tones: number;
  notifications: string[];
  hasFocus: boolean;
  isHidden: boolean;
}
declare global {
  interface Window {
    heard: Heard;
  }
}

/** Stands where the browser's sound and notifications are; the permission is of all tabs, as it is. */
function listenIn(): void {
  const heard: Heard = { tones: 0, notifications: [], hasFocus: true, isHidden: false };
  window.heard = heard;
  document.hasFocus = () => heard.hasFocus;
  Object.defineProperty(document, 'visibilityState', {
    get: () => (heard.isHidden ? 'hidden' : 'visible'),
  });
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

/** Collects the tones and desktop notifications of all tabs. */
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
  await expect(signIn.or(other.getByRole('switch', { name: 'Online' }))).toBeVisible();
  if (await signIn.isVisible()) await signIn.click();
  await expect(other.getByRole('switch', { name: 'Online' })).toBeVisible();
  const tabs = [ann.page, other];
  // Nobody is asked for a permission before they want what it is for.
  expect(await ann.page.evaluate(() => Notification.permission)).toBe('default');
  // A tab that nobody touched may not sound.
  await other.getByRole('switch', { name: 'Online' }).focus();
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
  expect((await heardIn(tabs)).notifications[0]).toBe('New session in Support: Omar\nI am Omar');
  await ann.page.getByRole('button', { name: 'Settings of Ann' }).click();
  await ann.page.getByRole('menuitemcheckbox', { name: 'Sound' }).click();
  await ann.page.keyboard.press('Escape');
  // Had it rung in both tabs before, it would be seen by now.
  await alert('Pia', 4, 2);
  // Nobody is left waiting for the tests that count who waits.
  const bob = await Operator.arrive(system.origin, 'bob');
  for (const name of ['Nora', 'Omar', 'Pia']) await close(bob, await bob.take(name));
  await bob.ask('mutation { setPresence(presence: OFFLINE) { userErrors { code } } }');
  for (const tab of tabs) await expect(tab.getByRole('alert')).toHaveCount(0);
});

async function close(operator: Operator, id: string): Promise<void> {
  await operator.ask(`mutation { closeSession(sessionId: "${id}") { userErrors { code } } }`);
}

/** Lets two things be on the screen side by side. */
async function expectApart(one: Locator, other: Locator): Promise<void> {
  const [first, second] = [await one.boundingBox(), await other.boundingBox()];
  if (first === null || second === null) throw new Error('One of them is not to be seen.');
  const isApart =
    first.x + first.width <= second.x ||
    second.x + second.width <= first.x ||
    first.y + first.height <= second.y ||
    second.y + second.height <= first.y;
  expect(isApart, JSON.stringify({ first, second })).toBe(true);
}

/** Sends a reply by a click, as somebody does who meets nothing in the way. */
async function reply(colleague: Colleague, client: Client, text: string): Promise<void> {
  const send = colleague.page.getByRole('button', { name: 'Send', exact: true });
  await colleague.page.getByRole('textbox', { name: 'Reply to the client' }).fill(text);
  await expectApart(colleague.alerts, send);
  await send.click();
  await client.sees(text);
}

test('alerts stand where they cover nothing, under one count, and go with their cause', async ({
  arrive,
  client,
  system,
  wire,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const zed = await client('Zed of alerts');
  await zed.write('Hello');
  await expect(ann.alerts).toContainText(zed.name);
  await ann.open(zed.name);
  await expect(ann.alerts).toHaveCount(0);
  await ann.write('Hello, Zed.');
  await zed.sees('Hello, Zed.');

  const before = await ann.queue.boundingBox();
  const names = ['Ada', 'Ben', 'Cid', 'Dot', 'Eli'].map((name) => `${name} of alerts`);
  for (const [at, name] of names.entries()) {
    await (await client(name)).write(`I am ${name}`);
    await expect(ann.alerts).toContainText(`I am ${name}`);
    // Each is said once to those who listen, and shown by itself.
    await expect(ann.page.getByRole('alert').filter({ hasText: name })).toHaveCount(1);
    await reply(ann, zed, `Reply ${at}`);
  }
  // With room for one pane only, the dialog is shown.
  await ann.page.setViewportSize({ width: 400, height: 800 });
  await reply(ann, zed, 'From a narrow window');
  await ann.page.setViewportSize({ width: 1400, height: 850 });
  await expectApart(ann.alerts, ann.queue);
  expect((await ann.queue.boundingBox())?.y).toBe(before?.y);
  const count = ann.page.getByRole('button', { name: /^and \d+ more$/ });
  await expect(count).toHaveText('and 4 more');
  const { violations } = await new AxeBuilder({ page: ann.page })
    .include('nav')
    .include('[role=alert]')
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  // Taken by somebody else.
  const bob = await Operator.arrive(system.origin, 'bob');
  const taken = await bob.take('Eli of alerts');
  await expect(ann.alerts).toContainText('Dot of alerts');
  await expect(count).toHaveText('and 3 more');
  // Given back it stands again; closed it is gone.
  await bob.ask(`mutation { returnSession(sessionId: "${taken}") { userErrors { code } } }`);
  await expect(ann.alerts).toContainText('Returned to the queue in Support');
  await expect(count).toHaveText('and 4 more');
  await close(bob, await bob.take('Eli of alerts'));
  await expect(count).toHaveText('and 3 more');
  // Nothing comes under the hand of somebody who is about to open one.
  await ann.alerts.getByRole('button', { name: 'Open' }).hover();
  await (await client('Fay of alerts')).write('I am Fay');
  await expect(count).toHaveText('and 4 more');
  await ann.alerts.getByRole('button', { name: 'Open' }).click();
  await expect(ann.page.getByRole('heading', { level: 1, name: 'Dot of alerts' })).toBeVisible();
  await expect(ann.alerts).toContainText('Fay of alerts');
  await expect(count).toHaveText('and 3 more');
  // Opened otherwise than by the alert.
  await ann.open('Fay of alerts');
  await expect(ann.alerts).toContainText('Cid of alerts');
  await expect(count).toHaveText('and 2 more');

  // A message of my own session goes when another tab of mine has read it.
  await zed.write('Are you there?');
  await expect(ann.alerts).toContainText('Are you there?');
  const other = await ann.page.context().newPage();
  await other.goto(ann.page.url());
  const signIn = other.getByRole('button', { name: /^Ann / }).first();
  await expect(signIn.or(other.getByRole('link', { name: zed.name }))).toBeVisible();
  if (await signIn.isVisible()) await signIn.click();
  await other.getByRole('link', { name: zed.name }).click();
  await expect(ann.alerts).toContainText('Cid of alerts');
  await expect(count).toHaveText('and 2 more');
  await other.close();

  // Settled while the page heard nothing.
  wire.cut();
  await expect(ann.page.getByText('No connection.', { exact: false })).toBeVisible();
  await bob.take('Cid of alerts');
  wire.mend();
  await expect(ann.alerts).toContainText('Ben of alerts');
  await expect(count).toHaveText('and 1 more');

  await ann.alerts.getByRole('button', { name: 'Dismiss' }).click();
  await expect(ann.alerts).toContainText('Ada of alerts');
  await expect(count).toHaveCount(0);
  await zed.write('One more thing');
  await count.click();
  await expect(ann.page.getByRole('menuitem', { name: /Ada of alerts/ })).toBeVisible();
  await ann.page.getByRole('menuitem', { name: 'Dismiss all' }).click();
  await expect(ann.alerts).toHaveCount(0);
  await expect(ann.page.getByRole('alert')).toHaveCount(0);
});

test('desktop notifications are offered once, to somebody who has use for them', async ({
  arrive,
  client,
}) => {
  const question = 'Show desktop notifications for new sessions while this tab is hidden?';
  const permission = ({ page }: Colleague) => page.evaluate(() => Notification.permission);
  const [dan, bea] = [await arrive('Dan'), await arrive('Bea')];
  for (const { page } of [dan, bea]) {
    await page.context().addInitScript(listenIn);
    await page.reload();
    await expect(page.getByRole('switch', { name: 'Online' })).not.toBeChecked();
    await expect(page.getByText(question)).toHaveCount(0);
  }
  await dan.comeOnline();
  await expect(dan.page.getByText(question)).toBeVisible();
  expect(await permission(dan)).toBe('default');
  await dan.page.getByRole('button', { name: 'Not now' }).click();
  await expect(dan.page.getByText(question)).toHaveCount(0);
  await dan.page.reload();
  await expect(dan.page.getByRole('switch', { name: 'Online' })).toBeChecked();
  await expect(dan.page.getByText(question)).toHaveCount(0);
  expect(await permission(dan)).toBe('default');

  // Offline one is offered it when an alert came to a tab that nobody saw.
  const look = async (isHidden: boolean) => {
    await bea.page.evaluate((hidden) => {
      window.heard.isHidden = hidden;
      window.heard.hasFocus = !hidden;
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  };
  await look(true);
  await (await client('Gus of alerts')).write('I am Gus');
  await expect(bea.page.getByRole('alert').filter({ hasText: 'Gus of alerts' })).toHaveCount(1);
  await expect(bea.page.getByText(question)).toHaveCount(0);
  await look(false);
  await expect(bea.page.getByText(question)).toBeVisible();
  expect(await permission(bea)).toBe('default');
  await bea.page.getByRole('button', { name: 'Turn on' }).click();
  await expect(bea.page.getByText(question)).toHaveCount(0);
  await expect.poll(() => permission(bea)).toBe('granted');
  await bea.page.getByRole('button', { name: 'Settings of Bea' }).click();
  await expect(
    bea.page.getByRole('menuitemcheckbox', { name: 'Desktop notifications' }),
  ).toBeChecked();
});
