import { expect, test, type Client, type Colleague } from './stage';

/** Writes more than a dialog loads at first. A client may write five messages a second. */
async function writeMany(client: Client, word: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    await expect(() => client.write(`${word} ${number}`)).toPass({ intervals: [200] });
  }
}

/** Sees that the dialog is opened at a message, with the line "new" right above it. */
async function isOpenedAt(colleague: Colleague, text: string): Promise<void> {
  const message = colleague.log.getByText(text, { exact: true });
  await expect(message).toBeInViewport();
  const line = colleague.log.getByRole('separator').filter({ hasText: /^New$/ });
  await expect(line).toHaveCount(1);
  await expect(line).toBeInViewport();
  const [above, below] = [await line.boundingBox(), await message.boundingBox()];
  expect(below?.y).toBeGreaterThan(above?.y ?? Infinity);
  expect((below?.y ?? Infinity) - (above?.y ?? 0)).toBeLessThan(150);
}

test('a dialog is opened at its first unread message, however many follow', async ({
  arrive,
  client,
}) => {
  test.slow();
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const may = await client('May who writes much');
  const unread = (count: string) =>
    ann.row(may.name).getByTitle(new RegExp(`${count}.*unread message`));
  await writeMany(may, 'First', 60);
  await ann.open(may.name);
  await isOpenedAt(ann, 'First 1');
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await ann.sees('First 1');
  // Nothing of it is read before it was on the screen.
  await expect(unread('60')).toBeVisible();
  await ann.dialog.getByRole('button', { name: /^6[01] new messages below/ }).click();
  await ann.sees('First 60');
  await expect(unread('')).toHaveCount(0);

  // The dialog in this page's cache ends before all new entries.
  await ann.badge.click();
  await expect(ann.log).toHaveCount(0);
  await writeMany(may, 'Second', 55);
  await expect(unread('55')).toBeVisible();
  await ann.open(may.name);
  await isOpenedAt(ann, 'Second 1');
  await ann.badge.click();
  await expect(ann.log).toHaveCount(0);
  await expect(unread('55')).toBeVisible();

  // A page that knows nothing of it yet opens it there as well.
  await ann.row(may.name).first().click();
  await ann.page.reload();
  await isOpenedAt(ann, 'Second 1');
  await ann.page.keyboard.press('b');
  await ann.sees('Second 55');
  await expect(unread('')).toHaveCount(0);
});
