import type { Page } from '@playwright/test';
import { expect, test } from './visitor';

/** Steers the widget as a page does. */
const say = (page: Page, act: 'identify' | 'shutdown' | 'open' | 'close', who?: object) =>
  page.evaluate(
    ([name, visitor]) => {
      const { ChatDesk } = window as unknown as {
        ChatDesk: Record<string, (visitor: object | undefined) => void>;
      };
      ChatDesk[name]?.(visitor);
    },
    [act, who] as const,
  );

test('who was signed in and is no more leaves nothing behind', async ({ visit }) => {
  const name = 'Alice';
  const alice = await visit({ tag: { email: 'Alice@A.example', name } });
  await alice.open();
  await alice.write('my order 17');
  await alice.sees('my order 17');
  // The same person, written otherwise: the window is open, as it was.
  const again = await visit({ tag: { email: ' alice@a.example ', name } });
  await again.sees('my order 17');
  // Nobody is named: a stranger.
  const stranger = await visit({ tag: { name: '' } });
  await stranger.open();
  await stranger.write('a stranger');
  await stranger.sees('a stranger');
});

test('a page that is not loaded anew says who is there and who has gone', async ({
  page,
  visit,
}) => {
  const visitor = await visit();
  await expect(visitor.launcher).toBeVisible();
  await say(page, 'identify', { name: 'Zoe', email: 'zoe@a.example' });
  await say(page, 'open');
  await visitor.write('it is me');
  await visitor.sees('it is me');
  await say(page, 'shutdown');
  await expect(page.locator('chat-widget')).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await say(page, 'open');
  await visitor.write('somebody else');
  await visitor.sees('somebody else');
});

for (const [what, nobody] of [
  ['says that nobody is signed in', { 'signed-out': '', email: 'alice@a.example', name: 'Alice' }],
  ['has an empty address', { email: '', name: '' }],
] as const) {
  test(`a stranger finds nothing of who was named before, where the page ${what}`, async ({
    visit,
  }) => {
    const alice = await visit({ tag: { email: 'alice@a.example', name: 'Alice' } });
    await alice.open();
    await alice.write('my order 17');
    await alice.sees('my order 17');
    await alice.input.fill('a secret draft');
    const stranger = await visit({ tag: nobody });
    await stranger.open();
    await expect(stranger.dialog.getByText('How can we help?')).toBeVisible();
    await expect(stranger.input).toHaveValue('');
    await stranger.write('a stranger');
    await stranger.sees('a stranger');
    // She finds nothing of the stranger either, nor of what was hers.
    const again = await visit({ tag: { email: 'alice@a.example', name: 'Alice' } });
    await again.write('Alice again');
    await expect(again.messages.last()).toHaveText('Alice again');
    await expect(again.messages.filter({ hasText: 'my order 17' })).toHaveCount(0);
  });
}

test('who is named without anybody having gone finds nothing of the one before', async ({
  page,
  visit,
}) => {
  const visitor = await visit({ tag: { name: '' } });
  await expect(visitor.launcher).toBeVisible();
  await say(page, 'identify', { name: 'Alice', email: 'alice@a.example' });
  await say(page, 'open');
  await visitor.write('of Alice');
  await visitor.sees('of Alice');
  await visitor.input.fill('a draft of Alice');
  // The same person, written otherwise, goes on.
  await say(page, 'identify', { name: 'Alice', email: ' ALICE@A.example' });
  await visitor.sees('of Alice');
  await say(page, 'identify', { name: 'Bob', email: 'bob@a.example' });
  await say(page, 'open');
  await expect(visitor.dialog.getByText('How can we help?')).toBeVisible();
  await expect(visitor.input).toHaveValue('');
  await visitor.write('of Bob');
  await visitor.sees('of Bob');
  await say(page, 'close');
  await expect(visitor.dialog).toHaveCount(0);
});

test('a page that is not loaded anew says it in its tag', async ({ page, visit }) => {
  const change = (changes: Record<string, string | null>) =>
    page.evaluate((all) => {
      const tag = document.querySelector('script[data-live-chat]');
      for (const [name, value] of Object.entries(all)) {
        if (value === null) tag?.removeAttribute(name);
        else tag?.setAttribute(name, value);
      }
    }, changes);
  const visitor = await visit({ tag: { name: 'Alice', email: 'alice@a.example' } });
  await visitor.open();
  await visitor.write('of Alice');
  await visitor.sees('of Alice');
  await change({ 'data-email': null, 'data-name': null });
  await expect(visitor.dialog).toHaveCount(0);
  await visitor.open();
  await expect(visitor.dialog.getByText('How can we help?')).toBeVisible();
  await visitor.write('of nobody');
  await visitor.sees('of nobody');
  await change({ 'data-email': 'bob@a.example', 'data-name': 'Bob' });
  // A visitor without a name keeps the conversation when they are named.
  await visitor.sees('of nobody');
  await change({ 'data-signed-out': '' });
  await expect(visitor.dialog).toHaveCount(0);
});

test.describe('before the page has loaded', () => {
  /** A page whose picture comes when the test lets it, so that it has not loaded until then. */
  async function slowly(page: Page): Promise<() => void> {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/slow.png', async (route) => {
      await released;
      await route.abort();
    });
    await page.addInitScript(() => {
      const seen = { widgets: 0 };
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const isHere = document.querySelector('chat-widget') !== null;
        if (isHere && document.readyState !== 'complete') seen.widgets += 1;
      }).observe(document, { childList: true, subtree: true });
    });
    return release;
  }

  const seenEarly = (page: Page) =>
    page.evaluate(() => (window as unknown as { seen: { widgets: number } }).seen.widgets);
  const picture = '<img src="/slow.png" alt="">';
  const isThere = () => {
    const { ChatDesk } = window as { ChatDesk?: unknown };
    return ChatDesk !== undefined && !Array.isArray(ChatDesk);
  };

  for (const how of ['calls', 'leaves calls in a list'] as const) {
    test(`it ${how}, and nothing is on the page until it has`, async ({ page, visit }) => {
      const release = await slowly(page);
      const list = `<script>(window.ChatDesk = window.ChatDesk || []).push(
        ['identify', { name: 'Zoe', email: 'zoe@a.example' }], ['open'])</script>`;
      const isListed = how !== 'calls';
      const body = picture + (isListed ? list : '');
      const visiting = visit({ body, tag: { name: '' }, csp: '' });
      await page.waitForFunction(isThere);
      if (!isListed) {
        await say(page, 'identify', { name: 'Zoe', email: 'zoe@a.example' });
        await say(page, 'open');
      }
      await expect(page.locator('chat-widget')).toHaveCount(0);
      release();
      const visitor = await visiting;
      await visitor.write('it is me');
      await visitor.sees('it is me');
      expect(await seenEarly(page)).toBe(0);
      const owners = await page.evaluate(() =>
        Object.entries(localStorage).filter(([key]) => key.endsWith(' owner')),
      );
      expect(owners.map(([, owner]) => String(owner))).toEqual(['"zoe@a.example"']);
    });
  }

  test('it takes the chat back, until somebody is named', async ({ page, visit }) => {
    const release = await slowly(page);
    const visiting = visit({ body: picture });
    await page.waitForFunction(isThere);
    await say(page, 'open');
    await say(page, 'shutdown');
    release();
    const visitor = await visiting;
    // The next call of the page runs after the one before.
    await page.evaluate(
      () =>
        new Promise<void>((resolve) =>
          requestIdleCallback(() => {
            resolve();
          }),
        ),
    );
    await expect(page.locator('chat-widget')).toHaveCount(0);
    await say(page, 'identify', { name: 'Zoe' });
    await expect(visitor.launcher).toBeVisible();
    await expect(visitor.dialog).toHaveCount(0);
  });

  test('it closes the window that was open', async ({ page, visit }) => {
    const visitor = await visit({ tag: { name: '' } });
    await visitor.open();
    await page.reload();
    await expect(visitor.dialog).toBeVisible();
    const release = await slowly(page);
    const visiting = visit({ body: picture, tag: { name: '' } });
    await page.waitForFunction(isThere);
    await say(page, 'close');
    release();
    await visiting;
    await expect(visitor.launcher).toBeVisible();
    await expect(visitor.dialog).toHaveCount(0);
  });
});
