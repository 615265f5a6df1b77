import type { Page } from '@playwright/test';
import { expect, test } from './visitor';

/** Steers the widget as a page does. */
const say = (page: Page, act: 'identify' | 'shutdown' | 'open', who?: object) =>
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

test('a page that replaces its document keeps the chat', async ({ page, visit }) => {
  const visitor = await visit();
  await expect(visitor.launcher).toBeVisible();
  for (let time = 0; time < 2; time += 1) {
    await page.evaluate(() => {
      const html = document.createElement('html');
      html.append(document.createElement('head'), document.createElement('body'));
      document.documentElement.replaceWith(html);
    });
    await expect(visitor.launcher).toBeVisible();
  }
  await visitor.open();
  await visitor.write('still here');
  await visitor.sees('still here');
});
