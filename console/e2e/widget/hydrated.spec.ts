import { putHydrated, VERSIONS, type Version } from './hydrated/site';
import { expect, SUPPORT, test, Visitor } from './visitor';
import type { Page } from '@playwright/test';

/** A list that fills with the page's errors, those from which React recovers among them. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

for (const version of Object.keys(VERSIONS).map(Number) as Version[]) {
  test.describe(`a page whose document React ${version} hydrates`, () => {
    const tag = { 'live-chat': SUPPORT };

    for (const [when, wish] of [
      ['as it loads', {}],
      ['in pieces', { goods: 20_000 }],
    ] as const) {
      test(`${when} keeps the chat`, async ({ page, shop, wire }) => {
        const errors = errorsOf(page);
        const all = { ...tag, api: wire.origin, name: `Visitor of ${version} ${when}` };
        await page.goto(await putHydrated(shop, { version, tag: all, ...wish }));
        const visitor = new Visitor(page, all.name);
        await expect(page.getByRole('button', { name: 'Next view' })).toBeEnabled();
        await visitor.open();
        await visitor.write('on a hydrated page');
        await visitor.sees('on a hydrated page');
        expect(errors).toEqual([]);
      });
    }

    test('long after the chat has come keeps it', async ({ page, shop, wire }) => {
      const errors = errorsOf(page);
      const all = { ...tag, api: wire.origin, name: `Late visitor of ${version}` };
      await page.goto(await putHydrated(shop, { version, tag: all, isLate: true }));
      const visitor = new Visitor(page, all.name);
      await visitor.open();
      await visitor.write('before');
      await visitor.sees('before');
      await page.evaluate(() => {
        (window as unknown as { hydrate: () => void }).hydrate();
      });
      const next = page.getByRole('button', { name: 'Next view' });
      await expect(next).toBeEnabled();
      await visitor.write('after');
      await visitor.sees('before', 'after');
      await next.click();
      await expect(page.locator('main')).toHaveAttribute('data-view', '1');
      await page.getByRole('button', { name: 'New document' }).click();
      await visitor.sees('before', 'after');
      await visitor.write('in the next document');
      await visitor.sees('before', 'after', 'in the next document');
      await expect(page.locator('chat-widget')).toHaveCount(1);
      expect(errors).toEqual([]);
    });
  });
}
