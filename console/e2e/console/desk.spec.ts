import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Client, expect, SUPPORT, test, type Colleague } from './stage';

test('an alert and the counters say that somebody waits, to each by their role', async ({
  arrive,
  client,
}) => {
  const [ann, sue] = [await arrive('Ann'), await arrive('Sue')];
  const zoe = await client('Zoe of alerts');
  await zoe.write('Is anybody here?');
  await expect(ann.page.getByText('New session in Support').first()).toBeVisible();
  await expect(ann.row(zoe.name)).toContainText('New');
  await expect(ann.queue).toHaveText(/1.*Claim the next of 1 waiting/);
  // An operator's badge counts what is unread of theirs; a supervisor's, what nobody has.
  await expect(ann.badge).toHaveText(/^ChatDesk/);
  await expect(sue.badge).toContainText('1');
  await expect(sue.page).toHaveTitle('(1) ChatDesk');
  await expect(sue.page.getByText('New session in Support')).toHaveCount(0);
  await ann.comeOnline();
  await ann.queue.click();
  await expect(ann.page.getByRole('heading', { level: 1, name: zoe.name })).toBeVisible();
  await expect(sue.page).toHaveTitle('ChatDesk');
  // Claiming the next is for operators.
  await expect(sue.queue).toHaveCount(0);
});

test('one of two who claim at once has it, and the other is told who', async ({
  arrive,
  client,
}) => {
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  await Promise.all([ann.comeOnline(), bob.comeOnline()]);
  const max = await client('Max of races');
  await max.write('Who takes me?');
  await Promise.all([ann.open(max.name), bob.open(max.name)]);
  const take = (page: Page) => page.getByRole('main').getByRole('button', { name: /^Claim$/ });
  await expect(take(ann.page)).toBeEnabled();
  await expect(take(bob.page)).toBeEnabled();
  // The slower one may find the button gone: the other has claimed.
  const claim = ({ page }: Colleague) => take(page).click({ timeout: 5_000 });
  await Promise.allSettled([claim(ann), claim(bob)]);
  const has = (page: Page) =>
    page.getByRole('main').getByRole('button', { name: 'Close', exact: true });
  await expect
    .poll(async () => (await has(ann.page).isVisible()) || (await has(bob.page).isVisible()))
    .toBe(true);
  const winner = (await has(ann.page).isVisible()) ? ann : bob;
  const loser = winner === ann ? bob : ann;
  const name = winner === ann ? 'Ann' : 'Bob';
  await expect(
    loser.page.getByText(new RegExp(`${name} (has|claimed)|: ${name} `)).first(),
  ).toBeVisible();
  await expect(loser.row(max.name)).toHaveCount(0);
});

test('a conversation is handled from both sides, closed, and comes back with its history', async ({
  arrive,
  client,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const olga = await client('Ольга');
  await olga.write('Где мой заказ?');
  await ann.open(olga.name);
  await ann.write('Good morning, I am looking.');
  await olga.sees('Good morning, I am looking.');
  await ann.sees('Ann claimed the session');
  await olga.type();
  await expect(ann.page.getByText(/Ольга.*is typing/)).toBeVisible();
  await olga.write('Спасибо!');
  await ann.sees('Спасибо!');
  await ann.dialog.getByRole('button', { name: 'Close', exact: true }).click();
  const sure = ann.page.getByRole('dialog').getByRole('button', { name: 'Close the session' });
  await sure.click();
  await ann.sees('Ann closed the session');
  await olga.write('И ещё одно');
  await ann.open(olga.name);
  // The earlier session stands above the new one, in the same dialog.
  await ann.sees('Спасибо!');
  await ann.sees('И ещё одно');
});

test('a session is renamed, bound, found by its name, and handed on', async ({
  arrive,
  client,
}) => {
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  await Promise.all([ann.comeOnline(), bob.comeOnline()]);
  const lee = await client('李雷');
  await lee.write('订单 4711 在哪里');
  await ann.open(lee.name);
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();

  const { information } = ann;
  await information.getByRole('button', { name: 'Rename' }).click();
  await information.getByRole('textbox', { name: 'Name of the session' }).fill('Order 4711');
  await information.getByRole('button', { name: 'Save' }).click();
  await expect(ann.row('Order 4711')).toBeVisible();

  await information.getByRole('button', { name: 'Bind: Accounts' }).click();
  const bind = ann.page.getByRole('dialog', { name: 'Bind: Accounts' });
  await bind.getByRole('searchbox', { name: 'Find by title' }).fill('Lei Li, Beijing');
  await bind.getByRole('button', { name: /^Create/ }).click();
  await expect(information.getByText('Lei Li, Beijing')).toBeVisible();
  await information.getByRole('button', { name: 'Unbind Lei Li, Beijing' }).click();
  await expect(information.getByText('Lei Li, Beijing')).toHaveCount(0);
  // It is found now, from any part of a word.
  await information.getByRole('button', { name: 'Bind: Accounts' }).click();
  await bind.getByRole('searchbox', { name: 'Find by title' }).fill('jing');
  await bind.getByRole('button', { name: 'Lei Li, Beijing' }).click();
  await expect(information.getByText('Lei Li, Beijing')).toBeVisible();

  await ann.badge.click();
  await ann.search.fill('4711');
  const hit = ann.page.getByRole('option', { name: /Order 4711/ });
  await expect(hit.locator('mark')).toHaveText('4711');
  await hit.click();
  await expect(ann.page.getByRole('heading', { level: 1, name: 'Order 4711' })).toBeVisible();
  await ann.search.fill('订单');
  await ann.page.getByRole('option', { name: /订单 4711/ }).click();
  await ann.sees('订单 4711 在哪里');

  await information.getByRole('button', { name: 'Assign', exact: true }).click();
  const assign = ann.page.getByRole('dialog', { name: /^Assign/ });
  await assign.getByRole('radio', { name: 'Bob' }).check();
  await assign.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(
    bob.page.getByText('Ann assigned a session to you in Support').first(),
  ).toBeVisible();
  await expect(bob.row('Order 4711')).toBeVisible();
  await expect(ann.row('Order 4711')).toHaveCount(0);
});

test('the session of somebody inside shows who, and cannot be bound', async ({
  arrive,
  system,
}) => {
  const bob = await arrive('Bob');
  await bob.comeOnline();
  const kim = await Client.inside(system.origin, 'kim', 'Kim', SUPPORT);
  await kim.write('My screen is black');
  await bob.open('Kim');
  const who = bob.information.getByRole('group', { name: 'Internal client' });
  await expect(who).toContainText('Kim');
  await expect(
    bob.information.getByText('Sessions of internal clients cannot be bound to items.'),
  ).toBeVisible();
  await expect(bob.information.getByRole('button', { name: /^Bind/ })).toHaveCount(0);
});

test('everything is reached by the keyboard', async ({ arrive, client }) => {
  const bea = await arrive('Bea');
  await bea.comeOnline();
  const tab = await client('Tab of keys');
  await tab.write('No mouse here');
  await expect(bea.row(tab.name)).toBeVisible();
  const { keyboard } = bea.page;
  await keyboard.press('?');
  const shortcuts = bea.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(shortcuts.getByRole('button', { name: 'Close this window' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(bea.page.getByRole('dialog')).toHaveCount(0);
  await bea.lists.getByRole('link').first().focus();
  await bea.row(tab.name).first().focus();
  await keyboard.press('Enter');
  await expect(bea.page.getByRole('heading', { level: 1, name: tab.name })).toBeVisible();
  await keyboard.press('r');
  await keyboard.type('Answered without a mouse');
  await keyboard.press('Enter');
  await tab.sees('Answered without a mouse');
  await keyboard.press('Escape');
  await bea.lists.getByRole('link').first().focus();
  await keyboard.press('/');
  await expect(bea.search).toBeFocused();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`no serious fault of accessibility is found in ${scheme}`, async ({ arrive, client }) => {
    const dan = await arrive('Dan');
    await dan.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await dan.page.reload();
    const amelie = await client(`Amélie ${scheme}`);
    await amelie.write('Bonjour, see https://shop.example/4711');
    await dan.open(amelie.name);
    const { violations } = await new AxeBuilder({ page: dan.page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
}
