import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SUPPORT, test, Visitor } from './visitor';

test('nothing that is written becomes markup', async ({ visit, operator, page }) => {
  const visitor = await visit({
    csp: `default-src 'none'; style-src 'none'; img-src data:; script-src 'self'; connect-src *`,
  });
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') violations.push(message.text());
  });
  await visitor.open();
  const wild = '<img src=x onerror="alert(1)"><b>bold</b> javascript:alert(1)';
  await visitor.write(wild);
  const session = await operator.take(visitor.name);
  await operator.send(session, `${wild} https://a.example/?q=<script>`);
  await visitor.sees(wild, `${wild} https://a.example/?q=<script>`);
  const links = visitor.dialog.locator('.message a');
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute('href', 'https://a.example/?q=');
  await expect(links).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(links).toHaveAttribute('target', '_blank');
  await expect(visitor.dialog.locator('.message img, .message b')).toHaveCount(0);
  await expect(visitor.launcher).toHaveCSS('position', 'fixed');
  expect(violations).toEqual([]);
});

test('the styles of the page do not reach the chat', async ({ visit, page }) => {
  const visitor = await visit({
    head: `<style>
      *:not(html, body, head) { display: none !important; color: red !important;
        opacity: 0 !important; visibility: hidden !important; transform: scale(0) !important;
        font: 3px/9 fantasy !important; pointer-events: none !important; }
      html { font-size: 3px; filter: none; direction: ltr; text-align: right; letter-spacing: 9px; }
      body { transform: translateX(50px); overflow: hidden; }
    </style>`,
  });
  await visitor.open();
  await visitor.write('still here');
  await visitor.sees('still here');
  await expect(visitor.messages.first()).toBeVisible();
  await expect(visitor.messages.first()).toHaveCSS('color', 'rgb(255, 255, 255)');
  await expect(visitor.messages.first()).toHaveCSS('font-size', '15px');
  await expect(visitor.messages.first()).toHaveCSS('letter-spacing', 'normal');
  await page.mouse.move(0, 0);
  await expect
    .poll(() => visitor.launcher.boundingBox())
    .toEqual({ x: 1100 - 80, y: 800 - 80, width: 60, height: 60 });
});

test('it is used with the keyboard alone', async ({ visit, page }) => {
  const visitor = await visit({
    body: `<button>Before</button><p id="keys"></p>
      <script>document.addEventListener('keydown', (e) => document.getElementById('keys').append(e.key))</script>`,
    csp: '',
  });
  await page.getByRole('button', { name: 'Before' }).focus();
  await page.keyboard.press('Tab');
  await expect(visitor.launcher).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(visitor.input).toBeFocused();
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await visitor.sees('first line\nsecond line');
  // The page's shortcuts hear nothing of what is typed into the chat.
  await expect(page.locator('#keys')).toHaveText('Tab');
  await page.keyboard.press('Escape');
  await expect(visitor.dialog).toHaveCount(0);
  await expect(visitor.launcher).toBeFocused();
});

test('Enter that ends a composition in Safari sends nothing', async ({ visit, page }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.input.fill('に');
  await visitor.input.evaluate((element) => {
    const press = { key: 'Enter', bubbles: true, composed: true, cancelable: true };
    // Safari says first that the composition has ended.
    element.dispatchEvent(new CompositionEvent('compositionstart', { data: '' }));
    element.dispatchEvent(new CompositionEvent('compositionend', { data: 'に' }));
    element.dispatchEvent(new KeyboardEvent('keydown', { ...press, keyCode: 229 }));
    element.dispatchEvent(new KeyboardEvent('keyup', { ...press, keyCode: 13 }));
  });
  await page.keyboard.press('End');
  await page.keyboard.insertText('ほん');
  await visitor.input.press('Enter');
  await visitor.sees('にほん');
});

test('answers are read out', async ({ visit, operator, page }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  const session = await operator.take(visitor.name);
  await page.keyboard.press('Escape');
  await operator.send(session, 'Good morning');
  await expect(page.getByRole('log')).toHaveText('Ann: Good morning');
});

test.describe('with nothing that axe finds serious', () => {
  async function converse(visitor: Visitor, send: (text: string) => Promise<void>): Promise<void> {
    await visitor.write('See https://shop.example/orders/1?');
    await send('It left yesterday: https://post.example/');
    await expect(visitor.messages).toHaveCount(2);
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    test(colorScheme, async ({ visit, operator, page, wire }, info) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const visitor = await visit();
      await check(page);
      await visitor.open();
      await converse(visitor, async (text) =>
        operator.send(await operator.take(visitor.name), text),
      );
      await check(page);
      wire.cut();
      await visitor.write('And this?');
      await expect(visitor.dialog.getByText('Not sent: no connection')).toBeVisible();
      await expect(visitor.dialog.getByText(/^No connection/)).toBeVisible();
      await check(page);
      await page.screenshot({ path: info.outputPath(`${colorScheme}.png`) });
    });
  }

  test('on a phone, where it takes the whole page', async ({ visit, operator, page }, info) => {
    await page.setViewportSize({ width: 390, height: 780 });
    const visitor = await visit();
    await visitor.open();
    await converse(visitor, async (text) => operator.send(await operator.take(visitor.name), text));
    await check(page);
    expect(await visitor.dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 });
    await expect(visitor.launcher).toBeHidden();
    // Behind it there is nothing to go to.
    for (let n = 0; n < 12; n += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.localName)).toBe('chat-widget');
    }
    await page.screenshot({ path: info.outputPath('phone.png') });
    await visitor.dialog.getByRole('button', { name: 'Close chat' }).click();
    await expect(visitor.launcher).toBeFocused();
  });

  async function check(page: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
});

test('it speaks the language of the page', async ({ visit, operator, page }, info) => {
  const visitor = await visit({ html: 'lang="ru"' });
  await expect(visitor.launcher).toHaveAccessibleName('Открыть чат');
  await visitor.open();
  await visitor.write('Где мой заказ?');
  const session = await operator.take(visitor.name);
  await operator.send(session, 'Он уже в пути.');
  await visitor.sees('Где мой заказ?', 'Он уже в пути.');
  await operator.type(session);
  await expect(visitor.dialog.getByText('Ann печатает…')).toBeVisible();
  await expect(visitor.dialog.locator('.day')).toHaveText('Сегодня');
  await page.screenshot({ path: info.outputPath('russian.png') });
});

test('on a page that runs from right to left it stands at the left', async ({
  visit,
  page,
}, info) => {
  const visitor = await visit({
    html: 'lang="ar" dir="rtl"',
    tag: { 'live-chat': SUPPORT, color: '#ffd400' },
  });
  await visitor.open();
  await visitor.write('مرحبا، أين طلبي؟ https://shop.example/1');
  await visitor.write('Hello');
  await expect(visitor.messages).toHaveCount(2);
  const [arabic, latin] = [visitor.messages.nth(0), visitor.messages.nth(1)];
  await expect(arabic).toHaveCSS('direction', 'rtl');
  await expect(latin).toHaveCSS('direction', 'ltr');
  // A light colour gets dark ink.
  await expect(latin).toHaveCSS('color', 'rgb(0, 0, 0)');
  await page.mouse.move(0, 0);
  await expect.poll(async () => (await visitor.launcher.boundingBox())?.x).toBe(20);
  const isWider = () => document.documentElement.scrollWidth > innerWidth;
  expect(await page.evaluate(isWider)).toBe(false);
  await page.screenshot({ path: info.outputPath('right-to-left.png') });
});

test('the demo shop carries it as a customer pastes it', async ({ page, origin }) => {
  for (const [path, file] of [
    ['/demo', 'demo.html'],
    ['/widget.js', 'widget.js'],
  ] as const) {
    const body = await readFile(new URL(`../../dist/${file}`, import.meta.url), 'utf8');
    const contentType = file.endsWith('.js') ? 'text/javascript' : 'text/html';
    await page.route(origin + path, (route) => route.fulfill({ body, contentType }));
  }
  await page.goto(`${origin}/demo`);
  const visitor = new Visitor(page, 'Visitor');
  await visitor.open();
  await visitor.write('Is the kettle in stock?');
  await visitor.sees('Is the kettle in stock?');
  await expect(visitor.dialog.locator('time.fate')).toHaveCount(1);
});
