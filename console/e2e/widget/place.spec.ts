import type { Locator, Page } from '@playwright/test';
import { ask, Operator } from '../operator';
import { expect, SUPPORT, test } from './visitor';

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

for (const [what, replace] of [
  ['the children of its body', () => void (document.body.innerHTML = '<main>Next</main>')],
  ['its body', () => void (document.body = document.createElement('body'))],
] as const) {
  test(`a page that replaces ${what} keeps the chat`, async ({ page, visit }) => {
    const visitor = await visit();
    await visitor.open();
    await visitor.write('before');
    await visitor.sees('before');
    await visitor.input.fill('a draft');
    await page.evaluate(replace);
    await visitor.sees('before');
    await expect(visitor.input).toHaveValue('a draft');
    await visitor.write('after');
    await visitor.sees('before', 'after');
    await expect(page.locator('chat-widget')).toHaveCount(1);
  });
}

test('a page that moves, hides or blurs its body does not take the chat along', async ({
  page,
  visit,
}) => {
  const visitor = await visit({
    head: `<style>.away { transform: translateX(-200px); } .dim { opacity: 0.2; }
      .blurred { filter: blur(9px); } .gone { display: none; }</style>`,
    csp: '',
  });
  await visitor.open();
  const where = await visitor.launcher.boundingBox();
  for (const look of ['away', 'dim', 'blurred', 'gone']) {
    await page.evaluate((name) => (document.body.className = name), look);
    await expect.poll(() => visitor.launcher.boundingBox()).toEqual(where);
    await expect
      .poll(() => page.evaluate(() => document.querySelector('chat-widget')?.parentNode?.nodeName))
      .toBe('HTML');
    await page.evaluate(() => {
      document.body.className = '';
      document.querySelector('chat-widget')?.remove();
    });
    await expect(page.locator('body > chat-widget')).toHaveCount(1);
  }
});

test('it is not printed', async ({ page, visit }) => {
  const visitor = await visit();
  await expect(visitor.launcher).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(visitor.launcher).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await visitor.open();
  await page.emulateMedia({ media: 'print' });
  await expect(visitor.dialog).toHaveCount(0);
  await expect(visitor.launcher).toBeHidden();
});

test.describe('two live chats on one page', () => {
  interface Chat {
    readonly launcher: Locator;
    readonly dialog: Locator;
  }

  const chatOf = (page: Page, at: number): Chat => {
    const host = page.locator('chat-widget').nth(at);
    return { launcher: host.locator('.launcher'), dialog: host.getByRole('dialog') };
  };

  const write = async ({ dialog }: Chat, text: string) => {
    await dialog.getByRole('textbox').fill(text);
    await dialog.getByRole('textbox').press('Enter');
  };

  const shows = async ({ dialog }: Chat, ...texts: string[]) => {
    await expect(dialog.locator('.message .text')).toHaveText(texts);
    await expect(dialog.locator('time.fate')).toHaveCount(texts.length);
  };

  async function apart(one: Locator, other: Locator): Promise<boolean> {
    const [a, b] = [await one.boundingBox(), await other.boundingBox()];
    if (a === null || b === null) throw new Error('one is not shown');
    const isBeside = a.x + a.width <= b.x || b.x + b.width <= a.x;
    return isBeside || a.y + a.height <= b.y || b.y + b.height <= a.y;
  }

  /** Opens a page with the live chat Support and another one, whose tag says more. */
  const testBoth = test.extend<{ visitBoth: (more?: string) => Promise<void> }>({
    visitBoth: async ({ page, origin, shop, wire }, provide) => {
      const second = await create(origin);
      await provide(async (more = '') => {
        const body = `<script src="/widget.js" data-live-chat="${second}"
          data-api="${wire.origin}" ${more}></script>`;
        await page.goto(shop.put({ tag: { 'live-chat': SUPPORT, api: wire.origin }, body }));
        await expect(page.locator('chat-widget')).toHaveCount(2);
      });
    },
  });

  testBoth('do not lie on each other, and each writes to its own', async ({ page, visitBoth }) => {
    await visitBoth();
    const [one, other] = [chatOf(page, 0), chatOf(page, 1)];
    expect(await apart(one.launcher, other.launcher)).toBe(true);
    await one.launcher.click();
    await write(one, 'to the first');
    await shows(one, 'to the first');
    expect(await apart(one.dialog, other.launcher)).toBe(true);
    await other.launcher.click();
    await write(other, 'to the second');
    await shows(other, 'to the second');
    // Both are open: each can be read and closed.
    await expect.poll(() => apart(one.dialog, other.dialog)).toBe(true);
    expect(await apart(one.launcher, other.dialog)).toBe(true);
    await shows(one, 'to the first');
    await one.launcher.click();
    await expect(one.dialog).toHaveCount(0);
    await shows(other, 'to the second');
  });

  testBoth('take turns where there is no room for both', async ({ page, visitBoth }) => {
    await visitBoth();
    const [one, other] = [chatOf(page, 0), chatOf(page, 1)];
    await one.launcher.click();
    await other.launcher.click();
    await expect(page.getByRole('dialog')).toHaveCount(2);
    await page.setViewportSize({ width: 700, height: 800 });
    await expect(one.dialog).toHaveCount(0);
    await expect(other.dialog).toBeVisible();
    await one.launcher.click();
    await expect(other.dialog).toHaveCount(0);
    const box = await one.dialog.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
  });

  testBoth('on a phone cover each other whole', async ({ page, visitBoth }) => {
    await visitBoth();
    await page.setViewportSize({ width: 390, height: 780 });
    for (const chat of [chatOf(page, 0), chatOf(page, 1)]) {
      await chat.launcher.click();
      await expect(chat.dialog).toBeVisible();
      const close = chat.dialog.getByRole('button', { name: 'Close chat' });
      // Nothing of the other lies on the window: what is at its corner is the window's own.
      const send = chat.dialog.getByRole('button', { name: 'Send' });
      await write(chat, 'hello');
      await shows(chat, 'hello');
      await chat.dialog.getByRole('textbox').fill('clicked');
      await send.click();
      await shows(chat, 'hello', 'clicked');
      await close.click();
      await expect(chat.dialog).toHaveCount(0);
    }
  });

  testBoth('at different sides stand in their corners', async ({ page, visitBoth }) => {
    await visitBoth('data-position="left"');
    const launchers = await page.locator('.launcher').all();
    const boxes = await Promise.all(launchers.map((launcher) => launcher.boundingBox()));
    expect(boxes.map((box) => box?.x).sort()).toEqual([1100 - 80, 20].sort());
  });
});

/** Creates a live chat as an administrator does, and says its id. */
async function create(origin: string): Promise<string> {
  const { token } = await Operator.arrive(origin, 'ada');
  const { createLiveChat } = await ask<{ createLiveChat: { liveChat: { id: string } } }>(
    origin,
    token,
    'mutation($name: String!) { createLiveChat(name: $name) { liveChat { id } } }',
    { name: `Sales ${crypto.randomUUID()}` },
  );
  return createLiveChat.liveChat.id;
}
