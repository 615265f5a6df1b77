import { startSystem, Shop, type System } from '../system';
import { SUPPORT, test as base, Colleague, expect } from './stage';

/** A system in which a socket opens with a ticket only. */
const test = base.extend<object, { system: System; shop: Shop }>({
  system: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants it written like this
    async ({}, give) => {
      const system = await startSystem({ withConsole: true, needsTicket: true });
      await give(system);
      await system.stop();
    },
    { scope: 'worker' },
  ],
  shop: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants it written like this
    async ({}, give) => {
      const shop = await Shop.open();
      await give(shop);
      await shop.close();
    },
    { scope: 'worker' },
  ],
});

test('where sockets want a ticket, both pages bring one, each time', async ({
  browser,
  page,
  shop,
  wire,
}) => {
  const opened: string[] = [];
  page.on('websocket', (socket) => opened.push(new URL(socket.url()).search));
  const ann = await Colleague.arrive(browser, wire.origin, 'Ann');
  await ann.comeOnline();
  const tag = { 'live-chat': SUPPORT, api: wire.origin, name: 'Zoe' };
  await page.goto(shop.put({ tag }));
  await page.locator('.launcher').click();
  const field = page.getByRole('dialog').getByRole('textbox');
  await field.fill('Is anybody here?');
  await field.press('Enter');
  // Both receive the pushes of the socket.
  await ann.open('Zoe');
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await ann.write('Here I am.');
  const answer = page.getByRole('dialog').locator('.message .text').nth(1);
  await expect(answer).toHaveText('Here I am.');
  wire.cut();
  wire.mend();
  await field.fill('Good.');
  await field.press('Enter');
  await ann.sees('Good.');
  await expect.poll(() => new Set(opened).size).toBeGreaterThan(1);
  expect(opened.filter((search) => !search.startsWith('?ticket='))).toEqual([]);
  await ann.leave();
});
