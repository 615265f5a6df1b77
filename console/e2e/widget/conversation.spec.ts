import { ask, eventually, type Act } from '../operator';
import { expect, kept, SUPPORT, test } from './visitor';

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

test('an answer counts as read when it was on the screen, and not before', async ({
  visit,
  operator,
}) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  const session = await operator.take(visitor.name);
  await visitor.page.keyboard.press('Escape');
  await operator.send(session, 'Good morning');
  await expect(visitor.page.locator('.badge')).toHaveText('1');
  expect(await operator.deliveries(session)).toEqual(['SENT']);
  await visitor.open();
  await visitor.sees('Hello', 'Good morning');
  await expect.poll(() => operator.deliveries(session)).toEqual(['READ']);
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
  await visitor.sees('One', 'Two', 'Three');
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

test('earlier messages are read when they are scrolled to', async ({ visit, operator, origin }) => {
  test.slow();
  const visitor = await visit();
  await visitor.open();
  await visitor.write('message 1');
  const session = await operator.take(visitor.name);
  const { token } = await kept(visitor.page);
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
  // The message that was looked at stays in its place.
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

test('another person at the same browser does not see the dialog', async ({ visit }) => {
  const tag = { 'live-chat': SUPPORT };
  const first = await visit({ tag: { ...tag, email: 'zoe@example.com' } });
  await first.open();
  await first.write('A secret');
  await first.sees('A secret');
  const second = await visit({ tag: { ...tag, email: 'olga@example.com' } });
  await expect(second.dialog).toHaveCount(0);
  await second.open();
  await expect(second.dialog.getByText('How can we help?')).toBeVisible();
  await second.sees();
});
