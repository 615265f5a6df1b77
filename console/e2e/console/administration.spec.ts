import { test as base, type Browser, type Page } from '@playwright/test';
import { Provider } from '../provider';
import { Shop, startSystem, type System } from '../system';
import { isAccessible } from './axe';
import { Messenger } from './messenger';
import { expect } from './stage';

interface Company {
  provider: Provider;
  system: System;
}

/** A company that has nothing yet, and whose employees sign in at a provider of their own. */
const test = base.extend<object, { company: Company }>({
  company: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants it written like this
    async ({}, give) => {
      const provider = await Provider.open();
      const issuers = await provider.settings('kettle');
      const system = await startSystem({ withConsole: true, issuers });
      await give({ provider, system });
      await system.stop();
      await provider.close();
    },
    { scope: 'worker' },
  ],
});

/** Signs an employee of the company in, in a browser of their own. */
async function signIn(
  browser: Browser,
  { provider, system }: Company,
  [who, name]: readonly [string, string],
  isAdministrator = false,
): Promise<Page> {
  Object.assign(provider, { who, name, isAdministrator });
  const page = await (await browser.newContext()).newPage();
  await page.route('**/config.json', (route) =>
    route.fulfill({ json: provider.config(system.origin) }),
  );
  await page.goto(system.origin);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: `Settings of ${name}` })).toBeVisible();
  return page;
}

async function administer(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Settings of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Administration' }).click();
}

const ADA = ['ada', 'Ada Administrator'] as const;
const OLGA = ['olga', 'Olga Operator'] as const;

test('an empty company is led to its first answered customer, through the page alone', async ({
  browser,
  company,
}) => {
  // Who has no role sees nothing, and is known from then on.
  const olga = await signIn(browser, company, OLGA);
  await expect(olga.getByText('You have no role in a live chat yet')).toBeVisible();
  await olga.getByRole('button', { name: `Settings of ${OLGA[1]}` }).click();
  await expect(olga.getByRole('menuitem', { name: 'Administration' })).toHaveCount(0);
  await olga.keyboard.press('Escape');
  await olga.goto(`${company.system.origin}/administration`);
  await expect(olga.getByText('This page does not exist.')).toBeVisible();

  const ada = await signIn(browser, company, ADA, true);
  await administer(ada, ADA[1]);
  await expect(ada.getByRole('heading', { name: 'Create your first live chat' })).toBeVisible();
  await isAccessible(ada, 'an empty company');
  await ada.getByRole('textbox', { name: 'Name' }).fill('Kettles');
  await ada.getByRole('button', { name: 'Create' }).click();
  await expect(ada.getByRole('heading', { level: 2, name: 'Kettles' })).toBeVisible();

  await ada.getByRole('tab', { name: 'Members' }).click();
  await expect(ada.getByText('Nobody works here yet')).toBeVisible();
  await ada.getByRole('searchbox', { name: 'Add a member' }).fill('olga');
  await ada.getByRole('button', { name: 'Add Olga Operator as operator' }).click();
  const roles = ada.getByRole('group', { name: 'Olga Operator' });
  await expect(roles.getByRole('checkbox', { name: 'Operator' })).toBeChecked();

  await ada.getByRole('tab', { name: 'Widget' }).click();
  const tag = await ada.getByRole('textbox', { name: 'Tag for your pages' }).inputValue();
  expect(tag).toContain(`${company.system.origin}/widget.js`);
  const shop = await (await browser.newContext()).newPage();
  const site = await Shop.open();
  await shop.goto(site.putFile('/', 'text/html', `<!doctype html><h1>Kettles</h1>${tag}`));
  await shop.locator('.launcher').click();
  const chat = shop.getByRole('dialog');
  await expect(chat.getByRole('heading')).toHaveText('Kettles');
  await chat.getByRole('textbox').fill('Is it in stock?');
  await chat.getByRole('textbox').press('Enter');

  await olga.goto(company.system.origin);
  await olga.getByRole('switch', { name: 'Online' }).click({ force: true });
  const lists = olga.getByRole('navigation', { name: 'Live chats' });
  await lists.getByRole('link').filter({ hasText: 'Is it in stock?' }).click();
  await olga.getByRole('textbox', { name: 'Reply to the client' }).fill('It is.');
  await olga.keyboard.press('Enter');
  await expect(chat.getByText('It is.')).toBeVisible();
  await site.close();
  for (const page of [olga, ada, shop]) await page.context().close();
});

test('an administrator names, renames and answers ahead', async ({ browser, company }) => {
  const ada = await signIn(browser, company, ADA, true);
  await administer(ada, ADA[1]);
  await ada.getByRole('link', { name: 'New live chat' }).click();
  await ada.getByRole('textbox', { name: 'Name' }).fill('Sales');
  await ada.getByRole('button', { name: 'Create' }).click();
  const heading = ada.getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('Sales');

  const name = ada.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('Teapots');
  await name.press('Enter');
  await expect(heading).toHaveText('Teapots');
  const template = ada.getByRole('textbox', { name: 'Names of new sessions' });
  await template.fill('{liveChat}: {client}');
  await expect(ada.getByText('Teapots: Zoe Miller')).toBeVisible();
  await template.press('Enter');
  await expect(ada.getByRole('button', { name: 'Save' }).last()).toBeDisabled();
  await template.fill('{nonsense}');
  await template.press('Enter');
  await expect(ada.getByText('This could not be done:', { exact: false })).toBeVisible();
  await isAccessible(ada, 'general');

  await ada.getByRole('tab', { name: 'Ready answers' }).click();
  await ada.getByRole('textbox', { name: 'Title' }).fill('Greeting');
  await ada.getByRole('textbox', { name: 'Text' }).fill('Hello {clientFirstName}');
  await expect(ada.getByText('Hello Zoe')).toBeVisible();
  await ada.getByRole('button', { name: 'Create' }).click();
  const answer = ada.getByRole('article', { name: 'Greeting' });
  await expect(answer).toContainText('Hello {clientFirstName}');
  await answer.getByRole('button', { name: /^Edit/ }).click();
  const form = ada.getByRole('form', { name: 'Edit the ready answer “Greeting”' });
  await form.getByRole('textbox', { name: 'Text' }).fill('Good day, {client}');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(answer).toContainText('Good day, {client}');
  await isAccessible(ada, 'ready answers');
  await answer.getByRole('button', { name: /^Delete/ }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(answer).toHaveCount(0);

  await ada.getByRole('link', { name: 'Apps', exact: true }).click();
  await ada.getByRole('textbox', { name: 'Name' }).fill('Custommers');
  await ada.getByRole('button', { name: 'Create' }).click();
  await ada.getByRole('button', { name: 'Rename Custommers' }).click();
  await ada.getByRole('textbox', { name: 'Rename Custommers' }).fill('Customers');
  await ada.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByRole('button', { name: 'Rename Customers' })).toBeVisible();
  await ada.getByRole('link', { name: 'Teapots' }).click();
  await ada.getByRole('tab', { name: 'Apps' }).click();
  await ada.getByRole('checkbox', { name: 'Customers' }).click();
  await expect(ada.getByRole('checkbox', { name: 'Customers' })).toBeChecked();
  await ada.reload();
  await ada.getByRole('tab', { name: 'Apps' }).click();
  await expect(ada.getByRole('checkbox', { name: 'Customers' })).toBeChecked();
  await ada.context().close();
});

test('channels are connected, disabled and given other secrets, step by step', async ({
  browser,
  company,
}) => {
  const ada = await signIn(browser, company, ADA, true);
  await administer(ada, ADA[1]);
  await ada.getByRole('link', { name: 'New live chat' }).click();
  await ada.getByRole('textbox', { name: 'Name' }).fill('Channels');
  await ada.getByRole('button', { name: 'Create' }).click();
  await ada.getByRole('tab', { name: 'Channels' }).click();

  // What the messenger refuses is said, and nothing is lost.
  const token = ada.getByLabel('Bot token');
  await token.fill('nonsense');
  await ada.getByRole('button', { name: 'Connect' }).click();
  await expect(ada.getByText('This could not be done:', { exact: false })).toBeVisible();
  await expect(token).toHaveValue('nonsense');
  await token.fill('4711:secret_of_4711');
  await ada.getByRole('button', { name: 'Connect' }).click();
  await expect(ada.getByText('Write to the bot: the message appears in the queue.')).toBeVisible();
  const bot = ada.getByRole('article', { name: 'Telegram' });
  await expect(bot).toContainText('@bot4711_bot');
  await expect(bot).toContainText('enabled');
  const zoe = await Messenger.open(browser, company.system.origin, 'Zoe', 'zoe_kettles');
  await zoe.page.getByRole('combobox', { name: 'Bot' }).selectOption('@bot4711_bot');
  await zoe.write('Hello');

  await ada.getByRole('radiogroup', { name: 'Kind' }).getByText('Webhook').click();
  await ada.getByRole('button', { name: 'Connect' }).click();
  await expect(ada.getByText('Post messages to this address')).toBeVisible();
  const webhook = ada.getByRole('article', { name: 'Webhook' });
  await expect(webhook).toContainText('takes no replies');
  await isAccessible(ada, 'channels');
  await webhook.getByRole('button', { name: 'New secret' }).click();
  await expect(ada.getByRole('dialog').getByRole('textbox', { name: 'Secret' })).not.toBeEmpty();
  await ada.keyboard.press('Escape');

  await bot.getByRole('button', { name: 'Disable Telegram' }).click();
  const asked = ada.getByRole('dialog');
  await expect(asked).toContainText('Nothing comes in by this channel any more');
  await asked.getByRole('button', { name: 'Disable' }).click();
  await expect(bot).toContainText('disabled');
  await bot.getByRole('button', { name: 'Enable Telegram' }).click();
  await expect(bot).toContainText('enabled');
  await zoe.close();
  await ada.context().close();
});

test('members lose roles only when it is meant, and pages are allowed one by one', async ({
  browser,
  company,
}) => {
  const olga = await signIn(browser, company, OLGA);
  const ada = await signIn(browser, company, ADA, true);
  await administer(ada, ADA[1]);
  await ada.getByRole('link', { name: 'New live chat' }).click();
  await ada.getByRole('textbox', { name: 'Name' }).fill('Members');
  await ada.getByRole('button', { name: 'Create' }).click();
  await ada.getByRole('tab', { name: 'Members' }).click();
  await ada.getByRole('button', { name: 'Add Olga Operator as operator' }).click();
  const roles = ada.getByRole('group', { name: 'Olga Operator' });
  await roles.getByRole('checkbox', { name: 'Supervisor' }).click();
  await expect(roles.getByRole('checkbox', { name: 'Supervisor' })).toBeChecked();
  await isAccessible(ada, 'members');
  await roles.getByRole('checkbox', { name: 'Operator' }).click();
  const asked = ada.getByRole('dialog');
  await expect(asked).toContainText('go back to the queue');
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await expect(roles.getByRole('checkbox', { name: 'Operator' })).toBeChecked();
  await roles.getByRole('checkbox', { name: 'Operator' }).click();
  await asked.getByRole('button', { name: 'Remove' }).click();
  await expect(roles.getByRole('checkbox', { name: 'Operator' })).not.toBeChecked();
  await expect(roles.getByRole('checkbox', { name: 'Supervisor' })).toBeChecked();
  await ada.getByRole('button', { name: /^Remove Olga/ }).click();
  await asked.getByRole('button', { name: 'Remove' }).click();
  await expect(roles).toHaveCount(0);

  await ada.getByRole('tab', { name: 'Widget' }).click();
  const origins = ada.getByRole('textbox', { name: 'Pages that may carry the widget' });
  await origins.fill('https://shop.example\nhttps://kettles.example');
  await ada.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByRole('button', { name: 'Save' })).toBeDisabled();
  await origins.fill('https://shop.example/page');
  await ada.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByText('This could not be done:', { exact: false })).toBeVisible();
  await ada.getByRole('textbox', { name: 'Color' }).fill('#0a7c4a');
  await ada.getByRole('radiogroup', { name: 'Side of the page' }).getByText('Left').click();
  await expect(ada.getByRole('textbox', { name: 'Tag for your pages' })).toHaveValue(
    /data-color="#0a7c4a" data-position="left"/,
  );
  const preview = ada.frameLocator('iframe[title="Preview of the widget"]');
  await expect(preview.locator('.launcher')).toBeVisible();
  await expect(preview.locator('.launcher')).toHaveCSS('background-color', 'rgb(10, 124, 74)');
  await isAccessible(ada, 'the widget');
  for (const page of [olga, ada]) await page.context().close();
});
