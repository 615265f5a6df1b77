import { ask } from '../operator';
import { expect, keep, kept, test } from './visitor';

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
  // Unsent messages outlive the page.
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

test('an answer that is too large to be pushed is read', async ({ visit, operator }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('one');
  const session = await operator.take(visitor.name);
  const large = '😀'.repeat(8000);
  await operator.send(session, large);
  await visitor.sees('one', large);
  await operator.send(session, 'three');
  await visitor.sees('one', large, 'three');
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
  const codes = ['LIMIT', 'LIMIT', 'LIMIT', 'FORBIDDEN'];
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
  await expect(visitor.dialog.getByText('Not sent: too much at once').first()).toBeVisible();
  await visitor.dialog.getByRole('button', { name: 'Try again' }).first().click();
  await expect(visitor.dialog.getByText('Not sent: you cannot write here')).toBeVisible();
  await visitor.shows('one', 'three', 'two');
  await visitor.dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(visitor.dialog.locator('time.fate')).toHaveCount(3);
  const stand = (await operator.messages(session)).map(({ text }) => text);
  expect(stand).toEqual(['one', 'three', 'two']);
});

test('a token is renewed before its end, and the visitor stays who they are', async ({ visit }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  await visitor.sees('Hello');
  await keep(visitor.page, { expiresAt: Date.now() + 1000, obtainedAt: 0 });
  await visitor.page.reload();
  await visitor.sees('Hello');
  await expect
    .poll(async () => (await kept(visitor.page)).expiresAt)
    .toBeGreaterThan(Date.now() + 60_000);
});

test('a token that is no good makes another visitor', async ({ visit, operator }) => {
  const visitor = await visit();
  await visitor.open();
  await visitor.write('Hello');
  await operator.take(visitor.name);
  await keep(visitor.page, { token: 'no good' });
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
