import { Messenger } from './messenger';
import { expect, test as base } from './stage';

const test = base.extend<{ write: (name: string, username: string) => Promise<Messenger> }>({
  write: async ({ browser, system }, give) => {
    const opened: Messenger[] = [];
    await give(async (name, username) => {
      const messenger = await Messenger.open(browser, system.origin, name, username);
      opened.push(messenger);
      return messenger;
    });
    for (const messenger of opened) await messenger.close();
  },
});

test('a conversation runs through Telegram, seen from both sides', async ({ arrive, write }) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const zoe = await write('Zoe', 'zoe_writes');
  await zoe.write('Is anybody there?');
  await expect(ann.row('Zoe')).toContainText('Is anybody there?');
  await ann.open('Zoe');
  const question = ann.entry('Is anybody there?');
  await expect(question.getByRole('img', { name: 'Telegram' })).toBeVisible();
  await expect(ann.information.getByRole('link', { name: 'zoe_writes' })).toHaveAttribute(
    'href',
    'https://t.me/zoe_writes',
  );
  await expect(ann.information.getByText(/^@\w+/).last()).toBeVisible();

  await ann.write('Yes, it is Ann');
  await zoe.sees('Yes, it is Ann');
  const answer = ann.entry('Yes, it is Ann');
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
  await expect(answer.getByText('On its way')).toHaveCount(0);

  await zoe.replyTo('Yes, it is Ann', 'Hello, Ann');
  await ann.sees('Hello, Ann');
  const quote = { name: 'Quotes Ann: Yes, it is Ann' };
  await expect(ann.entry('Hello, Ann').getByRole('button', quote)).toBeVisible();
  await ann.entry('Hello, Ann').hover();
  await ann.entry('Hello, Ann').getByRole('button', { name: 'Quote the message of Zoe' }).click();
  await ann.write('Hello, Zoe');
  await zoe.sees('Hello, Zoe');
  await expect(zoe.bubble('Hello, Zoe')).toContainText('Hello, Ann');
});

test('what is edited in Telegram is said, with what stands there now', async ({
  arrive,
  write,
}) => {
  const ann = await arrive('Ann');
  const mia = await write('Mia', 'mia_edits');
  await mia.write('My order is 4711');
  await ann.open('Mia');
  await expect(ann.entry('My order is 4711')).toBeVisible();
  await mia.edit('My order is 4711', 'My order is 4712');
  await ann.sees('Mia edited a message');
  await expect(ann.log.getByText('My order is 4712')).toBeVisible();
  // What was said stays.
  await expect(ann.entry('My order is 4711').getByText('edited', { exact: true })).toBeVisible();
  await ann.page.reload();
  await expect(ann.entry('My order is 4711').getByText('edited', { exact: true })).toBeVisible();
});

test('an answer to who has blocked the bot fails, and arrives after that by the keyboard', async ({
  arrive,
  write,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const kia = await write('Kia', 'kia_blocks');
  await kia.write('Leave me alone');
  await ann.open('Kia');
  await kia.setBlocked(true);
  await ann.sees('Kia blocked the channel');
  await ann.write('As you wish');
  const answer = ann.entry('As you wish');
  await expect(
    answer.getByText('Not delivered. The client cannot be reached there any more.'),
  ).toBeVisible();
  const retry = answer.getByRole('button', { name: 'Retry' });
  await expect(retry).toBeEnabled();

  // Too early, it fails again.
  await retry.focus();
  await ann.page.keyboard.press('Enter');
  await expect(answer.getByText('On its way')).toHaveCount(0);
  await expect(retry).toBeVisible();
  await kia.setBlocked(false);
  await ann.sees('Kia unblocked the channel');
  await expect(kia.bubble('As you wish')).toHaveCount(0);

  await retry.focus();
  await ann.page.keyboard.press('Enter');
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
  await expect(retry).toHaveCount(0);
  // The focus stays in the dialog for users of the keyboard.
  const isInside = await answer.evaluate((one) => one.contains(document.activeElement));
  expect(isInside).toBe(true);
  await expect(kia.bubble('As you wish')).toHaveCount(1);
});
