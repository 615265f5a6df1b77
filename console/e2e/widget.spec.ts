import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ask, eventually, type Act } from './widget/desk';
import { expect, SUPPORT, test, type Visitor } from './widget/visitor';

/** The token that the widget keeps in this browser. */
async function tokenOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith(' token')) ?? '';
    return (JSON.parse(localStorage.getItem(key) ?? '{}') as { token: string }).token;
  });
}

test('a page view of a stranger costs nothing', async ({ visit, page, wire }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(socket.url()));
  const visitor = await visit();
  await expect(visitor.launcher).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((url) => url.includes(new URL(wire.origin).host))).toEqual([]);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});

test('a visitor writes, and the answer appears', async ({ visit, operator }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Where is my order?');
  const session = await operator.take(visitor.name);
  await operator.send(session, 'It left yesterday.');
  await visitor.sees('Where is my order?', 'It left yesterday.');
  await expect(visitor.dialog.getByRole('heading')).toHaveText('Support');
  await expect(visitor.dialog.getByText('Ann', { exact: true })).toBeVisible();
  await expect(visitor.dialog.locator('.day')).toHaveText('Today');
});

test('an answer that quotes shows what it quotes', async ({ visit, operator }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Is it hot?');
  const session = await operator.take(visitor.name);
  const [question] = await operator.messages(session);
  await operator.send(session, 'Very.', question?.id);
  await expect(visitor.dialog.locator('.quote')).toHaveText(/You\s*Is it hot\?/);
});

test('each sees that the other is typing', async ({ visit, operator, origin, browser }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  const session = await operator.take(visitor.name);
  await expect(visitor.dialog.getByText('Ann is typing…')).toHaveCount(0);
  await operator.type(session);
  await expect(visitor.dialog.getByText('Ann is typing…')).toBeVisible();
  await operator.send(session, 'Good morning');
  await expect(visitor.dialog.getByText('Ann is typing…')).toHaveCount(0);

  const desk = await browser.newPage();
  const heard = desk.evaluate(
    ([url, token, id]) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, 'graphql-transport-ws');
        const say = (message: object) => {
          socket.send(JSON.stringify(message));
        };
        const query = 'subscription($id: ID!) { typing(sessionId: $id) { actor { name } } }';
        socket.onopen = () => {
          say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
        };
        socket.onmessage = ({ data }: MessageEvent<string>) => {
          const message = JSON.parse(data) as {
            type: string;
            payload: { data: { typing: { actor: { name: string } } } };
          };
          if (message.type === 'connection_ack') {
            say({ type: 'subscribe', id: '1', payload: { query, variables: { id } } });
            document.title = 'listening';
          }
          if (message.type === 'next') resolve(message.payload.data.typing.actor.name);
        };
      }),
    [origin.replace(/^http/, 'ws') + '/graphql', operator.token, session] as const,
  );
  await expect(desk).toHaveTitle('listening');
  // Told at most once in three seconds, and the desk may not listen yet at the first.
  const typing = setInterval(() => void visitor.input.press('x').catch(() => undefined), 500);
  expect(await heard).toBe(visitor.name);
  clearInterval(typing);
  await desk.close();
});

test('a reload keeps the dialog, the window and the draft', async ({ visit, operator, page }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('One');
  const session = await operator.take(visitor.name);
  await operator.send(session, 'Two');
  await visitor.sees('One', 'Two');
  await visitor.input.fill('Thr');
  await page.reload();
  await visitor.sees('One', 'Two');
  await expect(visitor.input).toHaveValue('Thr');
  // It was open before: the page keeps the focus.
  await expect(visitor.input).not.toBeFocused();
  await visitor.write('Three');
  await operator.send(session, 'Four');
  await visitor.sees('One', 'Two', 'Three', 'Four');
});

test('answers are counted while the chat is closed, also on the next page', async ({
  visit,
  operator,
  page,
}) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  const session = await operator.take(visitor.name);
  await visitor.page.keyboard.press('Escape');
  await operator.send(session, 'Good morning');
  await operator.send(session, 'How can I help?');
  await expect(visitor.launcher).toHaveAccessibleName('Open chat, 2 unread messages');
  await expect(page.locator('.badge')).toHaveText('2');
  await page.reload();
  await expect(page.locator('.badge')).toHaveText('2');
  await visitor.launcher.click();
  await visitor.sees('Hello', 'Good morning', 'How can I help?');
  await page.keyboard.press('Escape');
  await expect(page.locator('.badge')).toHaveCount(0);
  await page.reload();
  await operator.send(session, 'Still there?');
  await expect(page.locator('.badge')).toHaveText('1');
});

test('nothing is lost or doubled when the network is cut', async ({ visit, operator, wire }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('one');
  const session = await operator.take(visitor.name);
  await operator.send(session, 'two');
  await visitor.sees('one', 'two');

  wire.cut();
  await visitor.write('four');
  await visitor.write('five');
  await expect(visitor.dialog.getByText('Not sent: no connection').first()).toBeVisible();
  await expect(visitor.dialog.getByText(/^No connection/)).toBeVisible();
  await operator.send(session, 'three');
  // What was not sent outlives the page.
  await visitor.page.reload();
  await expect(visitor.dialog.getByText('five')).toBeVisible();

  wire.mend();
  await visitor.sees('one', 'two', 'three', 'four', 'five');
  await operator.send(session, 'six');
  await visitor.sees('one', 'two', 'three', 'four', 'five', 'six');
  const stand = (await operator.messages(session)).map(({ text }) => text);
  expect(stand).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  await expect(visitor.dialog.getByText(/^No connection/)).toHaveCount(0);
});

test('a socket that is cut again and again loses nothing', async ({ visit, operator, wire }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('start');
  const session = await operator.take(visitor.name);
  const texts = ['start'];
  for (let round = 0; round < 5; round += 1) {
    wire.cut();
    texts.push(`while away ${round}`);
    await operator.send(session, `while away ${round}`);
    wire.mend();
    texts.push(`back ${round}`);
    await operator.send(session, `back ${round}`);
  }
  await visitor.sees(...texts);
});

test('a browser that is offline sends when it is back', async ({ visit, operator, context }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('one');
  const session = await operator.take(visitor.name);
  await context.setOffline(true);
  await visitor.write('two');
  await expect(visitor.dialog.getByText('Not sent: no connection')).toBeVisible();
  await context.setOffline(false);
  await visitor.sees('one', 'two');
  await expect(visitor.dialog.getByText('Not sent: no connection')).toHaveCount(0);
  await operator.send(session, 'three');
  await visitor.sees('one', 'two', 'three');
});

test('a message that is refused says why, and can be sent again', async ({
  visit,
  operator,
  page,
}) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('one');
  const session = await operator.take(visitor.name);
  const codes = ['LIMIT', 'FORBIDDEN'];
  await page.route('**/graphql', async (route) => {
    const isPost = route.request().postData()?.includes('PostMessage') ?? false;
    const code = isPost ? codes.shift() : undefined;
    const postMessage = { message: null, userErrors: [{ code }] };
    await (code === undefined
      ? route.fallback()
      : route.fulfill({ json: { data: { postMessage } } }));
  });
  await visitor.write('two');
  await visitor.write('three');
  await expect(visitor.dialog.getByText('Not sent: too many at once').first()).toBeVisible();
  await visitor.dialog.getByRole('button', { name: 'Try again' }).first().click();
  await expect(visitor.dialog.getByText('Not sent: you may not write here')).toBeVisible();
  await visitor.sees('one', 'three', 'two');
  await visitor.dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(visitor.dialog.getByText('Not sent')).toHaveCount(0);
  const stand = (await operator.messages(session)).map(({ text }) => text);
  expect(stand).toEqual(['one', 'three', 'two']);
});

test('earlier messages are read when they are scrolled to', async ({ visit, operator, origin }) => {
  test.slow();
  const visitor = await visit();
  await visitor.open();
  await visitor.write('message 1');
  const session = await operator.take(visitor.name);
  const token = await tokenOf(visitor.page);
  const post = `mutation($text: String!) {
    postMessage(text: $text, clientMessageId: $text) { userErrors { code } }
  }`;
  const texts = Array.from({ length: 75 }, (_, n) => `message ${n + 1}`);
  for (const text of texts.slice(1)) {
    await eventually(async () => {
      const { postMessage } = await ask<{ postMessage: Act }>(origin, token, post, { text });
      return postMessage.userErrors.length === 0 || undefined;
    }, text);
  }
  await visitor.page.reload();
  await expect(visitor.messages.last()).toHaveText('message 75');
  await expect(visitor.messages.last()).toBeInViewport();
  await expect(visitor.messages).toHaveCount(30);
  const log = visitor.dialog.locator('.log');
  const first = visitor.messages.first();
  await expect(first).toHaveText('message 46');
  await log.evaluate((element) => (element.scrollTop = 0));
  await expect(visitor.messages).toHaveCount(60);
  // What was looked at stays where it was.
  await expect(visitor.messages.filter({ hasText: /^message 46$/ })).toBeInViewport();
  await log.evaluate((element) => (element.scrollTop = 0));
  await visitor.sees(...texts);
  await operator.send(session, 'an answer');
  await visitor.dialog.getByRole('button', { name: 'New messages' }).click();
  await expect(visitor.messages.last()).toBeInViewport();
});

test('two pages of one visitor are one conversation', async ({ visit, operator, context }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('from the first');
  const session = await operator.take(visitor.name);
  const page = await context.newPage();
  await page.goto(visitor.page.url());
  const other = { page, dialog: page.getByRole('dialog') };
  await page.locator('.launcher').click();
  await expect(other.dialog.locator('.message .text')).toHaveText(['from the first']);
  await other.dialog.getByRole('textbox').fill('from the second');
  await other.dialog.getByRole('textbox').press('Enter');
  await visitor.sees('from the first', 'from the second');
  await page.keyboard.press('Escape');
  await visitor.page.keyboard.press('Escape');
  await operator.send(session, 'an answer');
  await expect(page.locator('.badge')).toHaveText('1');
  await visitor.page.bringToFront();
  await visitor.launcher.click();
  await visitor.sees('from the first', 'from the second', 'an answer');
  await expect(page.locator('.badge')).toHaveCount(0);
});

test('a token is renewed before its end, and the visitor stays who they are', async ({ visit }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  await visitor.sees('Hello');
  const before = await tokenOf(visitor.page);
  await visitor.page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith(' token')) ?? '';
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
    const late = { ...kept, expiresAt: Date.now() + 1000, obtainedAt: 0 };
    localStorage.setItem(key, JSON.stringify(late));
  });
  await visitor.page.reload();
  await visitor.sees('Hello');
  expect(await tokenOf(visitor.page)).not.toBe(before);
});

test('a token that is no good makes another visitor', async ({ visit, operator }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  await operator.take(visitor.name);
  await visitor.page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith(' token')) ?? '';
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
    localStorage.setItem(key, JSON.stringify({ ...kept, token: 'no good' }));
  });
  await visitor.page.reload();
  await expect(visitor.dialog.getByText('How can we help?')).toBeVisible();
  await visitor.write('Hello again');
  await visitor.sees('Hello again');
  const session = await operator.take(visitor.name);
  await operator.send(session, 'Welcome');
  await visitor.sees('Hello again', 'Welcome');
});

test('a page that may not carry the chat says so', async ({ visit, origin }) => {
  const response = await fetch(`${origin}/dev/token?as=ada`);
  const { token } = (await response.json()) as { token: string };
  const created = `mutation { createLiveChat(name: "Elsewhere") { liveChat { id } } }`;
  const { createLiveChat } = await ask<{ createLiveChat: { liveChat: { id: string } } }>(
    origin,
    token,
    created,
  );
  const { id } = createLiveChat.liveChat;
  const restrict = `mutation($id: ID!) {
    setLiveChatOrigins(liveChatId: $id, origins: ["https://shop.example"]) { userErrors { code } }
  }`;
  await ask(origin, token, restrict, { id });
  const visitor = await visit({ tag: { 'live-chat': id } });
  await visitor.launcher.click();
  await expect(
    visitor.dialog.getByText('The chat is not available on this page.').first(),
  ).toBeVisible();
  await expect(visitor.input).toHaveCount(0);
});

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
