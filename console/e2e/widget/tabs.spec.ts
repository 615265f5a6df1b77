import type { BrowserContext, Page } from '@playwright/test';
import { expect, SUPPORT, test, Visitor } from './visitor';

/** Counts how often a page rings: each time it sounds two tones. */
function countTones(): void {
  Object.assign(window, { tones: 0 });
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the oscillator below
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when) {
    (window as unknown as { tones: number }).tones += 1;
    start.call(this, when);
  };
}

async function ringsOf(...pages: Page[]): Promise<number> {
  const tones = await Promise.all(
    pages.map((page) => page.evaluate(() => (window as unknown as { tones: number }).tones)),
  );
  return tones.reduce((sum, count) => sum + count, 0) / 2;
}

/** The same page in another tab of this browser, where the visitor has done something. */
async function another(context: BrowserContext, { page, name }: Visitor): Promise<Visitor> {
  const other = await context.newPage();
  await other.goto(page.url());
  const visitor = new Visitor(other, name);
  await visitor.open();
  return visitor;
}

for (const has of [true, false]) {
  test(`one of two tabs rings for an answer, ${has ? 'with' : 'without'} locks`, async ({
    visit,
    operator,
    context,
  }) => {
    await context.addInitScript(countTones);
    // Pages without a secure connection have none.
    if (!has) {
      await context.addInitScript(() => {
        Object.defineProperty(navigator, 'locks', { value: undefined });
        // There the tab that is looked at comes first.
        document.hasFocus = () => document.title === 'in front';
      });
    }
    const first = await visit();
    await first.open();
    await first.write('Hello');
    const session = await operator.take(first.name);
    const second = await another(context, first);
    await second.sees('Hello');
    await second.page.evaluate(() => (document.title = 'in front'));
    for (const { page } of [first, second]) await page.keyboard.press('Escape');
    for (let answer = 1; answer <= 4; answer += 1) {
      await operator.send(session, `answer ${answer}`);
      for (const { page } of [first, second])
        await expect(page.locator('.badge')).toHaveText(String(answer));
      await expect.poll(() => ringsOf(first.page, second.page)).toBe(answer);
    }
    await second.page.close();
    await operator.send(session, 'answer 5');
    await expect.poll(() => ringsOf(first.page)).toBeGreaterThan(0);
  });
}

test('no tab rings for an answer that is seen in another', async ({ visit, operator, context }) => {
  await context.addInitScript(countTones);
  const first = await visit();
  await first.open();
  await first.write('Hello');
  const session = await operator.take(first.name);
  const second = await another(context, first);
  await first.page.evaluate(() => (document.hasFocus = () => false));
  await first.page.keyboard.press('Escape');
  for (const text of ['one', 'two', 'three']) {
    await operator.send(session, text);
    await expect(second.messages.last()).toHaveText(text);
  }
  await expect(first.launcher).toHaveAccessibleName('Open chat');
  await second.page.keyboard.press('Escape');
  await operator.send(session, 'four');
  await expect.poll(() => ringsOf(first.page, second.page)).toBe(1);
});

test('two tabs with different visitors tell each other nothing', async ({
  visit,
  operator,
  context,
  shop,
  wire,
}) => {
  const alice = await visit({ tag: { name: 'Alice of two tabs', email: 'alice@a.example' } });
  await alice.open();
  await alice.write('of Alice');
  await alice.sees('of Alice');
  const page = await context.newPage();
  const name = 'Bob of two tabs';
  const bob = new Visitor(page, name);
  const tag = { 'live-chat': SUPPORT, api: wire.origin, name, email: 'bob@a.example' };
  await page.goto(shop.put({ tag }));
  await bob.open();
  await bob.write('of Bob');
  await bob.sees('of Bob');
  // Her tab has lost what it kept: it begins anew, and leaves his alone.
  await alice.write('Alice again');
  await alice.sees('Alice again');
  await bob.write('Bob again');
  await bob.sees('of Bob', 'Bob again');
  const session = await operator.take(name);
  await operator.send(session, 'an answer to Bob');
  await bob.sees('of Bob', 'Bob again', 'an answer to Bob');
  await alice.sees('Alice again');
  await page.reload();
  await bob.sees('of Bob', 'Bob again', 'an answer to Bob');
});

test('a tab goes on as nobody when the visitor has gone in another', async ({ visit, context }) => {
  const first = await visit({ tag: { name: '' } });
  await first.open();
  await first.write('before');
  await first.sees('before');
  const second = await another(context, first);
  await second.sees('before');
  await second.page.evaluate(() => {
    (window as unknown as { ChatDesk: { shutdown: () => void } }).ChatDesk.shutdown();
  });
  await expect(first.dialog.getByText('How can we help?')).toBeVisible();
  await first.write('after');
  await first.sees('after');
});
