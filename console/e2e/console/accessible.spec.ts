import { Operator } from '../operator';
import { manual, photo, type Choosable } from '../picture';
import { isAccessible } from './axe';
import { expect, SUPPORT, test } from './stage';

for (const scheme of ['light', 'dark'] as const) {
  test(`every state of the page is accessible in ${scheme}`, async ({ arrive, client, system }) => {
    test.slow();
    const ada = await Operator.arrive(system.origin, 'ada');
    await ada.ask(
      `mutation($l: ID!, $title: String!) {
        createTemplate(liveChatId: $l, title: $title, text: "Good morning!") { userErrors { code } }
      }`,
      { l: SUPPORT, title: `welcome in ${scheme}` },
    );
    const [dan, bob] = [await arrive('Ann'), await arrive('Bob')];
    await bob.comeOnline();
    const { page, dialog, information } = dan;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.evaluate(() => {
      sessionStorage.clear();
    });
    await page.reload();
    await expect(page.getByRole('button', { name: /^Ann / }).first()).toBeVisible();
    await isAccessible(page, 'sign in');
    await page.getByRole('button', { name: /^Ann / }).first().click();
    await expect(dan.queue).toBeVisible();
    await isAccessible(page, 'offline');
    await dan.comeOnline();

    const amelie = await client(`Amélie ${scheme}`);
    await amelie.write('Bonjour, see https://shop.example/4711');
    await expect(dan.row(amelie.name)).toContainText('New');
    await isAccessible(page, 'queue and alert');
    await dan.open(amelie.name);
    await isAccessible(page, 'a queued session');
    await dialog.getByRole('button', { name: /^Claim$/ }).click();
    await dan.sees('Ann claimed the session');
    await dan.write('Bonjour');
    await amelie.sees('Bonjour');
    await amelie.type();
    await expect(page.getByText(/is typing/)).toBeVisible();
    await dialog.getByRole('radiogroup').getByText('Note').click();
    await isAccessible(page, 'a note, and typing');
    await dialog.getByRole('textbox', { name: 'Note for colleagues' }).fill('For colleagues');
    await page.keyboard.press('Enter');
    await dan.sees('For colleagues');
    await dan.log
      .getByRole('button', { name: /^Quote the message of Amélie/ })
      .first()
      .click();
    await isAccessible(page, 'an open session with a quote');
    await page.keyboard.press('Escape');

    const field = dialog.getByRole('textbox', { name: 'Reply to the client' });
    await field.fill('/welcome');
    const list = page.getByRole('listbox', { name: 'Ready answers' });
    await expect(list.getByRole('option').first()).toBeVisible();
    await expect(field).toHaveAttribute('aria-controls', (await list.getAttribute('id')) ?? '?');
    await isAccessible(page, 'ready answers');
    await field.fill('/nothing like that');
    await expect(page.getByText('No ready answer found.', { exact: false })).toBeVisible();
    await isAccessible(page, 'no ready answers');
    await field.fill('');

    const attached = dialog.getByRole('list', { name: 'Files of the message' });
    const choose = async (...files: Choosable[]) => {
      const chooser = page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: 'Attach files' }).click();
      await (await chooser).setFiles(files);
    };
    await choose(photo('one.png'), photo('two.png', 200), manual);
    await expect(attached.getByRole('progressbar')).toHaveCount(0);
    await isAccessible(page, 'files of a message');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(dan.log.getByRole('img', { name: 'two.png' })).toBeVisible();
    await isAccessible(page, 'pictures and a file');
    await dan.log.getByRole('link', { name: 'two.png' }).click();
    await expect(page.getByRole('dialog', { name: 'Pictures of the dialog' })).toBeVisible();
    await isAccessible(page, 'the viewer');
    await page.keyboard.press('Escape');
    await page.route(
      (url) => url.pathname.startsWith('/files'),
      (route) =>
        route.request().method() === 'POST'
          ? route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': '*' } })
          : route.continue(),
    );
    await choose(photo('three.png'));
    await expect(attached.getByRole('alert')).toHaveText(/The storage did not take the file/);
    await isAccessible(page, 'a file that was not uploaded');
    await attached.getByRole('button', { name: 'Remove three.png' }).click();

    await page.getByRole('button', { name: 'Settings of Ann' }).click();
    await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
    await isAccessible(page, 'user menu');
    await page.keyboard.press('Escape');
    await dan.log
      .getByRole('button', { name: /^More actions for the message/ })
      .first()
      .click();
    await expect(page.getByRole('menuitem', { name: 'Copy the text' })).toBeVisible();
    await isAccessible(page, 'menu of a message');
    await page.keyboard.press('Escape');

    for (const [button, title] of [
      ['Assign', /^Assign /],
      ['Bind: Accounts', 'Bind: Accounts'],
    ] as const) {
      await information.getByRole('button', { name: button, exact: true }).click();
      const modal = page.getByRole('dialog', { name: title });
      await expect(modal.getByRole('button', { name: 'Close this window' })).toBeVisible();
      await expect(
        modal
          .getByRole('radio')
          .or(modal.getByText(/Nothing found|Create|Show/))
          .first(),
      ).toBeVisible();
      await isAccessible(page, button);
      await page.keyboard.press('Escape');
      await expect(modal).toHaveCount(0);
    }

    await dan.search.fill('bonjour');
    await expect(page.getByRole('option', { name: /Bonjour/ }).first()).toBeVisible();
    await isAccessible(page, 'search');
    await dan.search.fill('nothing like that');
    await expect(page.getByText('Nothing found.')).toBeVisible();
    await isAccessible(page, 'nothing found');
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await dan.sees('Ann closed the session');
    await isAccessible(page, 'a closed session');
  });
}
