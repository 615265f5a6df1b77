import type { Locator } from '@playwright/test';
import { bytesAt, manual, photo, type Choosable } from '../picture';
import { expect, test, type Visitor } from './visitor';

const chosen = (visitor: Visitor) => visitor.dialog.locator('.attached li');

async function choose(visitor: Visitor, ...files: Choosable[]): Promise<void> {
  const chooser = visitor.page.waitForEvent('filechooser');
  await visitor.dialog.getByRole('button', { name: 'Attach files' }).click();
  await (await chooser).setFiles(files);
}

const isStorage = (url: URL) => url.pathname.startsWith('/files');

async function isShown(picture: Locator): Promise<void> {
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
}

test('a visitor sends files, which outlive the page, and looks at pictures by keys', async ({
  visit,
}) => {
  const visitor = await visit();
  await visitor.open();
  await choose(visitor, photo('one.png', 20), photo('two.png', 240), manual);
  await expect(chosen(visitor)).toHaveCount(3);
  await expect(visitor.dialog.getByRole('progressbar')).toHaveCount(0);
  await visitor.page.reload();
  await expect(chosen(visitor)).toHaveCount(3);
  await visitor.dialog.getByRole('button', { name: 'Send' }).click();
  await expect(chosen(visitor)).toHaveCount(0);
  await isShown(visitor.dialog.getByRole('img', { name: 'two.png' }));
  const file = visitor.dialog.getByRole('link', { name: 'Manual.pdf 20 byte' });
  expect(await bytesAt(await file.getAttribute('href'))).toEqual(manual.buffer);

  await visitor.dialog.getByRole('link', { name: 'one.png' }).click();
  const viewer = visitor.page.locator('dialog.viewer');
  await isShown(viewer.getByRole('img', { name: 'one.png' }));
  await visitor.page.keyboard.press('ArrowRight');
  await isShown(viewer.getByRole('img', { name: 'two.png' }));
  await visitor.page.keyboard.press('ArrowRight');
  await expect(viewer.getByRole('img', { name: 'two.png' })).toBeVisible();
  await visitor.page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  // The window stays open.
  await expect(visitor.dialog).toBeVisible();
});

test('an upload is cancelled, fails, says why and is tried again', async ({ visit }) => {
  const visitor = await visit();
  await visitor.open();
  let isUp = false;
  await visitor.page.route(isStorage, (route) =>
    isUp || route.request().method() !== 'POST' ? route.continue() : route.abort(),
  );
  await choose(visitor, photo('one.png'), manual);
  await expect(chosen(visitor).getByRole('alert')).toHaveText([/no connection/, /no connection/]);
  await expect(visitor.dialog.getByRole('button', { name: 'Send' })).toBeDisabled();
  await visitor.dialog.getByRole('button', { name: 'Remove Manual.pdf' }).click();
  await expect(chosen(visitor)).toHaveCount(1);
  isUp = true;
  await chosen(visitor).getByRole('button', { name: 'Try again' }).click();
  await visitor.dialog.getByRole('button', { name: 'Send' }).click();
  await isShown(visitor.dialog.getByRole('img', { name: 'one.png' }));
});

test('what cannot be attached is said', async ({ visit }) => {
  const visitor = await visit();
  await visitor.open();
  const complaint = visitor.dialog.getByRole('alert');
  await choose(visitor, { ...manual, buffer: Buffer.alloc(25 * 1024 * 1024 + 1) });
  await expect(complaint).toHaveText('A file has at most 25 MB.');
  await choose(visitor, { ...manual, buffer: Buffer.alloc(0) });
  await expect(complaint).toHaveText('The file is empty.');
  await choose(visitor, ...Array.from({ length: 11 }, (_, index) => photo(`${index}.png`)));
  await expect(complaint).toHaveText('A message has at most 10 files.');
  await expect(chosen(visitor)).toHaveCount(10);
});
