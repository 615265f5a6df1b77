import { translate, translatedCount } from '../translate';
import { expect, test } from './visitor';

/**
 * The effects of the browser's translation. Its nodes stay where the page does not replace them, so
 * each text has to have an element that goes with it.
 */
test('a page that the browser translates shows what it says, all along', async ({
  visit,
  operator,
  page,
  wire,
}) => {
  const wrong = await translate(page);
  const visitor = await visit();
  const { dialog, launcher } = visitor;
  const notice = dialog.getByRole('status').first();
  const typist = dialog.locator('.typist');
  const days = dialog.locator('.day');

  await test.step('open it and write', async () => {
    await visitor.open();
    await expect(dialog.getByRole('heading')).toHaveText('Support');
    await expect(dialog.locator('.welcome')).toHaveText(
      'How can we help?Write to us. The answer appears here.',
    );
    await visitor.write('one');
    await visitor.sees('one');
    await expect(dialog.locator('.welcome')).toHaveCount(0);
    await expect(days).toHaveText(['Today']);
    await expect(dialog.locator('.message .fate')).toHaveText([/^\d+:\d\d/]);
  });
  const session = await operator.take(visitor.name);

  await test.step('an operator types, answers and quotes', async () => {
    await operator.type(session);
    await expect(typist).toHaveText('Ann is typing…');
    await operator.send(session, 'two, see https://a.example/two');
    await visitor.sees('one', 'two, see https://a.example/two');
    await expect(typist).toHaveText('');
    await expect(page.getByRole('log')).toHaveText('Ann: two, see https://a.example/two');
    const [question] = await operator.messages(session);
    await operator.send(session, 'three', question?.id);
    await expect(dialog.locator('.quote')).toHaveText(/^You\s*one$/);
    await expect(page.getByRole('log')).toHaveText('Ann: three');
    // Soon after the first time it is not pushed again.
    await expect(async () => {
      await operator.type(session);
      await expect(typist).toHaveText('Ann is typing…', { timeout: 500 });
    }).toPass();
    await operator.send(session, 'four');
    await visitor.sees('one', 'two, see https://a.example/two', 'three', 'four');
    await expect(typist).toHaveText('');
  });

  await test.step('answers are counted while it is closed', async () => {
    await page.keyboard.press('Escape');
    await operator.send(session, 'five');
    await expect(page.locator('.badge')).toHaveText('1');
    await operator.send(session, 'six');
    await expect(page.locator('.badge')).toHaveText('2');
    await expect(launcher).toHaveAccessibleName('Open chat, 2 unread messages');
    await launcher.click();
    await expect(visitor.messages.last()).toHaveText('six');
    await expect(page.locator('.badge')).toHaveCount(0);
  });

  await test.step('the connection is lost and comes back', async () => {
    wire.cut();
    await visitor.write('seven');
    await expect(notice).toHaveText('No connection. Your messages are sent when it is back.');
    await expect(dialog.locator('.fate.failed')).toHaveText('Not sent: no connectionTry again');
    wire.mend();
    await visitor.sees(
      'one',
      'two, see https://a.example/two',
      'three',
      'four',
      'five',
      'six',
      'seven',
    );
    await expect(notice).toHaveText('');
  });

  await test.step('a message is too long, and is made shorter', async () => {
    await visitor.input.fill('x'.repeat(8001));
    await expect(dialog.getByRole('alert')).toHaveText(
      'Your message is too long. Use at most 8000 characters.',
    );
    await visitor.input.fill('eight');
    await expect(dialog.getByRole('alert')).toBeHidden();
    await visitor.input.press('Enter');
    await expect(visitor.messages.last()).toHaveText('eight');
    await expect(dialog.locator('time.fate')).toHaveCount(8);
  });

  await test.step('a day passes', async () => {
    await page.clock.setFixedTime(Date.now() + 24 * 60 * 60 * 1000);
    await page.keyboard.press('Escape');
    await launcher.click();
    await expect(days).toHaveText(['Yesterday']);
  });

  await test.step('the session ends, and the next one begins', async () => {
    await page.clock.setFixedTime(Date.now());
    await operator.ask(
      'mutation($id: ID!) { closeSession(sessionId: $id) { userErrors { code } } }',
      { id: session },
    );
    await visitor.write('nine');
    const next = await operator.take(visitor.name);
    expect(next).not.toBe(session);
    await operator.send(next, 'ten');
    await expect(visitor.messages.last()).toHaveText('ten');
    await expect(dialog.locator('time.fate')).toHaveCount(10);
  });

  await test.step('another page goes on', async () => {
    await page.reload();
    await expect(visitor.messages).toHaveCount(10);
    await visitor.write('eleven');
    await expect(visitor.messages.last()).toHaveText('eleven');
    await expect(dialog.locator('time.fate')).toHaveCount(11);
  });

  expect(await translatedCount(page)).toBeGreaterThan(10);
  expect(wrong).toEqual([]);
});

test('a translated page says why a message was refused', async ({ visit, operator, page }) => {
  const wrong = await translate(page);
  const visitor = await visit();
  await visitor.open();
  await visitor.write('one');
  await operator.take(visitor.name);
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
  const failed = visitor.dialog.locator('.fate.failed');
  await expect(failed).toHaveText('Not sent: too much at onceTry again');
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(failed).toHaveText('Not sent: you cannot write hereTry againDelete');
  await failed.getByRole('button', { name: 'Delete' }).click();
  await visitor.sees('one');
  expect(await translatedCount(page)).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});
