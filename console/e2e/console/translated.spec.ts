import type { Page } from '@playwright/test';
import { Operator } from '../operator';
import { translate, translatedCount } from '../translate';
import { expect, SUPPORT, test, type Client, type Colleague } from './stage';

/** Has a colleague's page translated, and signs them in anew. */
async function arriveTranslated(colleague: Colleague, name: string): Promise<string[]> {
  const { page } = colleague;
  const wrong = await translate(page);
  await page.evaluate(() => {
    sessionStorage.clear();
  });
  await page.reload();
  await page
    .getByRole('button', { name: new RegExp(`^${name} `) })
    .first()
    .click();
  await expect(page.getByRole('button', { name: 'Queue' }).first()).toBeVisible();
  expect(await translatedCount(page)).toBeGreaterThan(10);
  return wrong;
}

const close = (page: Page) =>
  page.getByRole('main').getByRole('button', { name: 'Close', exact: true });

async function take(colleague: Colleague): Promise<void> {
  await colleague.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await expect(close(colleague.page)).toBeVisible();
}

/** Writes back and forth, with a quote, a note and a ready answer. */
async function converse(ann: Colleague, ira: Client): Promise<void> {
  const { page, dialog } = ann;
  for (const text of ['The first reply', 'The second reply']) {
    await ann.write(text);
    await ann.sees(text);
    await ira.sees(text);
  }
  await ira.type();
  const typing = page.getByText(/Ira.*is typing/).first();
  await expect(typing).toBeVisible();
  await ira.write('See https://shop.example/4711 and then this');
  await ann.sees('and then this');
  await expect(typing).toHaveCount(0);

  await ann.log.getByRole('button', { name: 'Quote the message of Ira' }).last().click();
  await expect(dialog.getByRole('button', { name: 'Remove the quote' })).toBeVisible();
  await ann.write('The third reply');
  await expect(dialog.getByRole('button', { name: 'Remove the quote' })).toHaveCount(0);
  await ann.sees('The third reply');
  await expect(ann.log.getByRole('button', { name: /^Quotes Ira/ })).toBeVisible();

  const mode = dialog.getByRole('radiogroup', { name: 'Reply or note' });
  await mode.getByText('Note').click();
  const note = dialog.getByRole('textbox', { name: 'Note for colleagues' });
  await note.fill('The note');
  await note.press('Enter');
  await ann.sees('The note');
  await expect(dialog.getByText(/^The note is added/)).toBeVisible();
  const reply = dialog.getByRole('textbox', { name: 'Reply to the client' });
  await expect(reply).toBeFocused();

  await reply.pressSequentially('/farew');
  await expect(page.getByRole('option', { name: /farewell/ })).toBeVisible();
  await reply.press('Enter');
  await expect(reply).toHaveValue('Goodbye!');
  await expect(dialog.getByText(/^The note is added/)).toHaveCount(0);
  await reply.press('Enter');
  await ann.sees('Goodbye!');
}

/** Renames the session, and binds it, frees it and binds it again. */
async function inform(ann: Colleague): Promise<void> {
  const { information } = ann;
  await information.getByRole('button', { name: 'Rename' }).click();
  const name = information.getByRole('textbox', { name: 'Name of the session' });
  await name.fill('');
  await expect(information.getByText('A name has 1 to 200 characters.')).toBeVisible();
  await name.fill('Order 4711');
  await expect(information.getByText('A name has 1 to 200 characters.')).toHaveCount(0);
  await information.getByRole('button', { name: 'Save' }).click();
  await expect(ann.row('Order 4711')).toBeVisible();
  await expect(ann.dialog.getByRole('heading', { level: 1, name: 'Order 4711' })).toBeVisible();
  await ann.sees('Ann renamed the session to “Order 4711”');

  const begin = information.getByRole('button', { name: 'Bind: Accounts' });
  const bind = ann.page.getByRole('dialog', { name: 'Bind: Accounts' });
  await begin.click();
  await expect(bind.getByText('Nothing found.')).toBeVisible();
  await bind.getByRole('searchbox', { name: 'Find by title' }).fill('Ira & Sons');
  await bind.getByRole('button', { name: /^Create/ }).click();
  await expect(information.getByText('Ira & Sons')).toBeVisible();
  await information.getByRole('button', { name: 'Unbind Ira & Sons' }).click();
  await expect(information.getByText('Ira & Sons')).toHaveCount(0);
  await begin.click();
  await bind.getByRole('searchbox', { name: 'Find by title' }).fill('sons');
  await bind.getByRole('button', { name: 'Ira & Sons' }).click();
  await expect(information.getByText('Ira & Sons')).toBeVisible();
  await begin.click();
  await expect(bind.getByText('Already bound')).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await expect(bind).toHaveCount(0);
  await information.getByRole('button', { name: 'Other sessions of this client' }).click();
  await expect(information.getByText('This client has no other sessions.')).toBeVisible();
}

/** Searches this dialog and all sessions, and sees what is said meanwhile. */
async function search(ann: Colleague): Promise<void> {
  const said = (text: RegExp) =>
    ann.page.getByRole('listbox', { name: 'Search results' }).locator('..').getByText(text);
  await ann.search.fill('reply');
  await expect(said(/^3 results$/)).toBeVisible();
  await ann.search.fill('third');
  await expect(said(/^1 result$/)).toBeVisible();
  await ann.search.fill('nothing like that');
  await expect(said(/^Nothing found\.$/)).toBeVisible();
  await ann.search.fill('first');
  const hit = ann.page.getByRole('option', { name: /The first reply/ });
  await expect(hit.locator('mark')).toHaveText('first');
  await hit.click();
  await ann.sees('The first reply');
  await ann.badge.click();
  await ann.search.fill('4711');
  await ann.page.getByRole('option', { name: /Order 4711/ }).click();
  await expect(ann.dialog.getByRole('heading', { level: 1, name: 'Order 4711' })).toBeVisible();
}

/** Opens the menu, and has the page speak another language and look otherwise. */
async function choose(ann: Colleague): Promise<void> {
  const { page } = ann;
  await page.getByRole('button', { name: 'Settings of Ann' }).click();
  await page.getByRole('menuitemradio', { name: 'Русский' }).click();
  await page.getByRole('banner').getByRole('button', { name: /Ann/ }).click();
  await page.getByRole('menuitemradio', { name: 'Тёмные' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: 'Закрыть' })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: /Ann/ }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(close(page)).toBeVisible();
}

test('a page that the browser translates works on, and shows what is new', async ({
  arrive,
  client,
  system,
  wire,
}) => {
  test.slow();
  const ada = await Operator.arrive(system.origin, 'ada');
  await ada.ask(
    `mutation($l: ID!) {
      createTemplate(liveChatId: $l, title: "farewell", text: "Goodbye!") { userErrors { code } }
    }`,
    { l: SUPPORT },
  );
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  const wrong = [await arriveTranslated(ann, 'Ann'), await arriveTranslated(bob, 'Bob')];
  const { page, information } = ann;
  await expect(page.getByText('You are offline and can only read sessions.')).toBeVisible();
  await ann.comeOnline();
  await expect(page.getByText('You are offline and can only read sessions.')).toHaveCount(0);
  await bob.comeOnline();

  const [ira, leo] = [await client('Ira'), await client('Leo')];
  await ira.write('Is anybody there?');
  await expect(page.getByText('New session in Support').first()).toBeVisible();
  await expect(ann.queue).toHaveText(/^1\s*Claim the next of 1 waiting$/);
  await leo.write('And here?');
  await expect(ann.queue).toHaveText(/^2\s*Claim the next of 2 waiting$/);
  await ira.write('Hello?');
  await expect(ann.row('Ira')).toContainText('Hello?');
  await expect(ann.row('Ira').getByTitle('2 unread messages')).toHaveText('2');

  await ann.open('Ira');
  await ann.sees('Hello?');
  await take(ann);
  await expect(ann.queue).toHaveText(/^1\s*Claim the next of 1 waiting$/);
  await ann.sees('Ann claimed the session');
  await expect(ann.row('Ira').getByTitle(/unread/)).toHaveCount(0);
  await expect(information.getByRole('group', { name: 'Operator' })).toContainText('Ann');
  await converse(ann, ira);
  await inform(ann);
  await search(ann);
  await choose(ann);

  wire.cut();
  const lost = page.getByText('No connection.', { exact: false });
  await expect(lost).toBeVisible();
  await ann.write('Without a network');
  await expect(ann.log.getByText('Not sent yet', { exact: false })).toBeVisible();
  wire.mend();
  await expect(lost).toHaveCount(0, { timeout: 40_000 });
  await expect(ann.log.getByText('Not sent yet', { exact: false })).toHaveCount(0);
  await ira.sees('Without a network');
  await ann.sees('Without a network');

  await information.getByRole('button', { name: 'Assign', exact: true }).click();
  const assign = page.getByRole('dialog', { name: /^Assign/ });
  await assign.getByRole('radio', { name: 'Bob' }).check();
  await assign.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(ann.dialog.getByText(/^Bob has the session now/)).toBeVisible();
  await expect(ann.row('Order 4711')).toHaveCount(0);
  await expect(bob.row('Order 4711')).toContainText('Assigned to you');
  await bob.row('Order 4711').click();
  await expect(bob.row('Order 4711')).not.toContainText('Assigned to you');
  await bob.sees('Without a network');
  await bob.write('I am Bob');
  await ira.sees('I am Bob');
  await close(bob.page).click();
  const sure = bob.page.getByRole('dialog').getByRole('button', { name: 'Close the session' });
  await sure.or(bob.log.getByText('Bob closed the session')).first().waitFor();
  if (await sure.isVisible()) await sure.click();
  await bob.sees('Bob closed the session');
  await expect(bob.dialog.getByText('The session is closed.', { exact: false })).toBeVisible();

  await ann.queue.click();
  await expect(ann.dialog.getByRole('heading', { level: 1, name: 'Leo' })).toBeVisible();
  await expect(ann.queue).toHaveText(/^0\s*Nobody is waiting$/);
  await expect(ann.badge).toHaveText(/^ChatDesk/);
  await ann.write('Yes, Leo');
  await leo.sees('Yes, Leo');
  await ann.sees('Yes, Leo');

  expect(await translatedCount(page)).toBeGreaterThan(10);
  expect(await translatedCount(bob.page)).toBeGreaterThan(10);
  expect(wrong.flat()).toEqual([]);
});
