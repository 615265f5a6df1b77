import { test as base, type Page } from '@playwright/test';
import { Provider } from '../provider';
import { startSystem, type System } from '../system';
import { Client, expect } from './stage';

interface Company {
  provider: Provider;
  system: System;
}

/** A system whose employees sign in at a provider of their own. */
const test = base.extend<{ desk: Page }, { company: Company }>({
  company: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants it written like this
    async ({}, give) => {
      const provider = await Provider.open();
      const issuers = await provider.settings('demo');
      const system = await startSystem({ withConsole: true, issuers });
      await give({ provider, system });
      await system.stop();
      await provider.close();
    },
    { scope: 'worker' },
  ],
  desk: async ({ page, company: { provider, system } }, give) => {
    provider.lasts = 3600;
    await page.route('**/config.json', (route) =>
      route.fulfill({ json: provider.config(system.origin) }),
    );
    await page.goto(system.origin);
    await give(page);
  },
});

const signIn = (page: Page) => page.getByRole('button', { name: 'Sign in' });
const queue = (page: Page) => page.getByRole('button', { name: 'Queue' }).first();

test('an employee signs in at their provider, works, and signs out', async ({ desk, company }) => {
  await signIn(desk).click();
  await expect(queue(desk)).toBeVisible();
  // Neither the code nor a token stays in the address.
  expect(new URL(desk.url()).search).toBe('');
  const presence = desk.getByRole('switch', { name: 'Online' });
  await presence.click({ force: true });
  await expect(presence).toBeChecked();
  // The provider says who they are, over HTTP and on the socket.
  const zoe = await Client.of(company.system.origin, 'Zoe of providers');
  await zoe.write('Is anybody here?');
  await desk
    .getByRole('navigation', { name: 'Live chats' })
    .getByRole('link', { name: zoe.name })
    .click();
  await desk
    .getByRole('main')
    .getByRole('button', { name: /^Claim$/ })
    .click();
  const field = desk.getByRole('textbox', { name: 'Reply to the client' });
  await field.fill('Here I am.');
  await field.press('Enter');
  await expect(desk.getByRole('log').getByText('Here I am.')).toBeVisible();
  // A reload keeps the person signed in.
  await desk.reload();
  await expect(queue(desk)).toBeVisible();
  await desk.getByRole('button', { name: /Ann/ }).first().click();
  await desk.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(signIn(desk)).toBeVisible();
  await desk.reload();
  await expect(signIn(desk)).toBeVisible();
});

test('a token that runs out is renewed, until the provider says no', async ({ desk, company }) => {
  const { provider } = company;
  // Renewed when it lasts no half minute any more: at every use.
  provider.lasts = 20;
  provider.granted.length = 0;
  await signIn(desk).click();
  await expect(queue(desk)).toBeVisible();
  await expect.poll(() => provider.granted).toContain('refresh_token');
  provider.forget();
  await desk.reload();
  await expect(signIn(desk)).toBeVisible({ timeout: 60_000 });
});
