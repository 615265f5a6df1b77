import { fileURLToPath } from 'node:url';
import type { Page, TestInfo } from '@playwright/test';
import { eventually, Operator } from '../operator';
import { Client, expect, test } from './stage';

interface Queue {
  viewer: { liveChats: { sessions: { nodes: { id: string; preview: { text: string } }[] } }[] };
}

/**
 * Returns the path of a picture: in the documents when they are made anew, else beside the results.
 */
function picture(info: TestInfo, name: string): string {
  if (process.env.CHATDESK_BLESS === undefined) return info.outputPath(name);
  return fileURLToPath(new URL(`../../pictures/${name}`, import.meta.url));
}

async function shoot(page: Page, info: TestInfo, name: string): Promise<void> {
  // Waits until the page is painted.
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: picture(info, name), animations: 'disabled' });
}

test('pictures of a desk at work', async ({ arrive, client, system }, info) => {
  const names = ['Amélie Durand', 'Max Müller', 'Ольга Иванова', '李雷', 'Fatima'];
  const clients: Client[] = [];
  for (const name of names) {
    const one = await client(name);
    await one.write('Hello, is anybody there?');
    clients.push(one);
  }
  const amelie = clients[0];
  if (amelie === undefined) throw new Error('There is nobody.');
  const bob = await Operator.arrive(system.origin, 'bob');
  await bob.take('Fatima');
  const dan = await arrive('Dan');
  await dan.comeOnline();
  await dan.page.getByRole('button', { name: 'Not now' }).click();
  await dan.open(amelie.name);
  await dan.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await amelie.write('My parcel 4711 has not arrived. It should have been here on Monday.');
  await dan.sees('My parcel 4711 has not arrived. It should have been here on Monday.');
  await dan.write('Good morning! I am looking at parcel 4711 right now.');
  await amelie.sees('Good morning! I am looking at parcel 4711 right now.');
  await dan.information.getByRole('button', { name: 'Bind: Requests' }).click();
  const bind = dan.page.getByRole('dialog', { name: 'Bind: Requests' });
  await bind.getByRole('searchbox').fill('Lost parcel 4711');
  await bind.getByRole('button', { name: /^Create/ }).click();
  await expect(dan.information.getByText('Lost parcel 4711')).toBeVisible();
  // Nobody who came before Dan rings, and what he has open does not.
  await expect(dan.alerts).toHaveCount(0);
  // A colour that a build loses is missed by nobody but the eye.
  const bubbles = dan.log.locator('[class*="bubble"]');
  for (const bubble of [bubbles.first(), bubbles.last()]) {
    await expect(bubble).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
  }
  await dan.page.emulateMedia({ colorScheme: 'light' });
  await shoot(dan.page, info, 'console.png');
  if (process.env.CHATDESK_BLESS !== undefined) return;

  await dan.page.emulateMedia({ colorScheme: 'dark' });
  await shoot(dan.page, info, 'console-dark.png');
  await dan.page.setViewportSize({ width: 400, height: 800 });
  await shoot(dan.page, info, 'console-narrow.png');
  await dan.page.emulateMedia({ colorScheme: 'light' });
  await dan.page.setViewportSize({ width: 1400, height: 850 });
  await dan.page.getByRole('button', { name: 'Settings of Dan' }).click();
  await dan.page.getByRole('menuitemradio', { name: 'Русский' }).click();
  await expect(dan.page.getByRole('navigation', { name: 'Чаты' })).toBeVisible();
  await shoot(dan.page, info, 'console-russian.png');
  // Nothing is put left or right by name, so the other way round works as well.
  await dan.page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  await shoot(dan.page, info, 'console-rtl.png');
});

test('a picture of the shop with the chat', async ({ page, system }, info) => {
  await page.setViewportSize({ width: 1100, height: 750 });
  await page.goto(`${system.origin}/demo`);
  await page.locator('.launcher').click();
  const chat = page.getByRole('dialog');
  await chat.getByRole('textbox').fill('Do you have this one in green?');
  await chat.getByRole('textbox').press('Enter');
  await expect(chat.getByText('Do you have this one in green?')).toBeVisible();
  const ann = await Operator.arrive(system.origin, 'ann');
  const queue = `{ viewer { liveChats { sessions(group: QUEUE, first: 100) {
    nodes { id preview { text } }
  } } } }`;
  const id = await eventually(async () => {
    const { viewer } = await ann.ask<Queue>(queue);
    const waiting = viewer.liveChats.flatMap(({ sessions }) => sessions.nodes);
    return waiting.find(({ preview }) => preview.text.startsWith('Do you have'))?.id;
  }, 'the question to wait');
  await ann.send(id, 'We do: in green and in red, ready to be sent.');
  await expect(chat.getByText('We do: in green and in red')).toBeVisible();
  await shoot(page, info, 'widget.png');
});
