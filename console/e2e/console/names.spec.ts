import type { Locator, Page } from '@playwright/test';
import { expect, test } from './stage';

/** Turns all that follows it around, where nothing holds it. */
const RLO = '\u202e';
const EVIL = `${RLO}evil`;
const DESSERT = `${RLO}dessert`;
const ACCOUNT = `${RLO}account`;
const WORDS = [EVIL, DESSERT, ACCOUNT];

/**
 * Texts and attributes of the page in which somebody's words turn around what is ours: a character
 * that steers directions stands neither between isolates nor alone in an element that is isolated.
 */
function turned(page: Page): Promise<string[]> {
  return page.evaluate((words) => {
    const isHeld = (text: string) => !outside(text).includes('\u202e');
    /** Returns the part of a text that stands in no isolate. */
    function outside(text: string): string {
      let depth = 0;
      let rest = '';
      for (const character of text) {
        if (/[\u2066-\u2068]/.test(character)) depth += 1;
        else if (character === '\u2069') depth = Math.max(0, depth - 1);
        else if (depth === 0) rest += character;
      }
      return rest;
    }
    const isIsolated = (element: Element) => {
      const { unicodeBidi, display } = getComputedStyle(element);
      return unicodeBidi !== 'normal' && unicodeBidi !== 'embed' ? true : display !== 'inline';
    };
    /** All that is in one piece with a text, as the browser orders it. */
    const pieceOf = (text: Text): string => {
      let element = text.parentElement;
      while (element !== null && !isIsolated(element)) element = element.parentElement;
      return element?.textContent ?? '';
    };
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() !== null) {
      const text = texts.currentNode as Text;
      if (isHeld(text.data)) continue;
      if (!words.includes(pieceOf(text))) found.push(pieceOf(text));
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) {
        const value = element.getAttribute(name) ?? '';
        if (!isHeld(value) && !words.includes(value)) found.push(`${name}: ${value}`);
      }
    }
    return found;
  }, WORDS);
}

/** Finds the place of a piece of text on the screen. */
async function placeOf(line: Locator, text: string): Promise<{ left: number; right: number }> {
  await expect(line).toContainText(text);
  return line.evaluate((element, wanted) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() !== null) {
      const node = texts.currentNode as Text;
      const at = node.data.indexOf(wanted);
      if (at === -1) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    }
    throw new Error(`no text node has "${wanted}"`);
  }, text);
}

/** Sees that texts of a line stand in this order on the screen, from left to right. */
async function isInOrder(line: Locator, ...texts: string[]): Promise<void> {
  const places = [];
  for (const text of texts) places.push(await placeOf(line, text));
  for (const [at, { left }] of places.slice(1).entries()) {
    expect(left, `"${texts[at + 1]}" after "${texts[at]}"`).toBeGreaterThanOrEqual(
      (places[at]?.right ?? 0) - 1,
    );
  }
}

test('a name that turns texts around turns nothing but itself, wherever it stands', async ({
  arrive,
  client,
}) => {
  test.slow();
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  await Promise.all([ann.comeOnline(), bob.comeOnline()]);
  const { page, information } = ann;
  const evil = await client(EVIL);
  await evil.write('My order 4711');
  await expect(page.getByText('New session in Support').first()).toBeVisible();
  const row = ann.lists.getByRole('link').filter({ hasText: 'My order 4711' });
  await expect(row).toBeVisible();
  expect(await turned(page)).toEqual([]);
  await isInOrder(row, 'evil', 'now');

  await row.click();
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await ann.sees('Ann claimed the session');
  await evil.type();
  const typing = page.getByText(/evil.*is typing/);
  await isInOrder(typing, 'evil', 'is typing');
  expect(await turned(page)).toEqual([]);
  await expect(ann.dialog.getByRole('heading', { level: 1 })).toHaveText(EVIL);
  await expect(information.getByRole('group', { name: 'Client' })).toContainText(EVIL);

  // A session may be called so as well, and events say it.
  await information.getByRole('button', { name: 'Rename' }).click();
  const name = information.getByRole('textbox', { name: 'Name of the session' });
  await name.fill(DESSERT);
  await information.getByRole('button', { name: 'Save' }).click();
  const renamed = ann.log.getByText(/renamed the session/);
  await isInOrder(renamed, 'Ann renamed', 'dessert', '”');
  await evil.write('Written under the new name');
  await expect(
    row.or(ann.lists.getByRole('link').filter({ hasText: 'Written under' })),
  ).toBeVisible();
  await isInOrder(
    ann.lists.getByRole('link').filter({ hasText: 'Written under' }),
    'evil',
    'Written',
  );
  expect(await turned(page)).toEqual([]);

  await ann.log
    .getByRole('button', { name: /^Quote the message/ })
    .last()
    .click();
  await expect(ann.dialog.getByRole('button', { name: 'Remove the quote' })).toBeVisible();
  await ann.write('Quoted');
  await ann.sees('Quoted');
  await information.getByRole('button', { name: 'Bind: Accounts' }).click();
  const bind = page.getByRole('dialog', { name: 'Bind: Accounts' });
  await bind.getByRole('searchbox', { name: 'Find by title' }).fill(ACCOUNT);
  const create = bind.getByRole('button', { name: /^Create/ });
  await isInOrder(create, 'Create', 'account', 'and bind it');
  expect(await turned(page)).toEqual([]);
  await create.click();
  const bound = ann.log.getByText(/bound the session to Accounts/);
  await isInOrder(bound, 'Ann bound', 'account');
  await information.getByRole('button', { name: 'Other sessions of this client' }).click();
  await expect(information.getByText('This client has no other sessions.')).toBeVisible();
  expect(await turned(page)).toEqual([]);

  await ann.search.fill('order');
  const hit = page.getByRole('option', { name: /order 4711/ });
  await isInOrder(hit, 'evil', '·');
  expect(await turned(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await ann.badge.click();
  await ann.search.fill('dessert');
  const found = page.getByRole('option', { name: /dessert/ });
  await expect(found).toBeVisible();
  expect(await turned(page)).toEqual([]);
  await found.click();

  await information.getByRole('button', { name: 'Assign', exact: true }).click();
  const assign = page.getByRole('dialog', { name: /^Assign/ });
  await isInOrder(assign.getByRole('heading'), 'Assign', 'dessert');
  expect(await turned(page)).toEqual([]);
  await assign.getByRole('radio', { name: 'Bob' }).check();
  await assign.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(ann.dialog.getByText(/^Bob has the session now/)).toBeVisible();
  expect(await turned(page)).toEqual([]);
  await expect(bob.page.getByText('Assigned to you').first()).toBeVisible();
  expect(await turned(bob.page)).toEqual([]);
});

test('a name from right to left leaves the rest of its line where it was', async ({
  arrive,
  client,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const sara = await client('שרה 24');
  await sara.write('Hello from Haifa');
  const row = ann.lists.getByRole('link').filter({ hasText: 'Hello from Haifa' });
  await isInOrder(row, 'שרה', 'now');
  await row.click();
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await sara.type();
  const typing = ann.page.getByText(/שרה.*is typing/);
  // The number is of the name, so it stands on its left.
  await isInOrder(typing, '24', 'שרה', 'is typing');
  await expect(ann.dialog.getByRole('heading', { level: 1 })).toHaveText('שרה 24');
  await isInOrder(ann.dialog.getByRole('heading', { level: 1 }), '24', 'שרה');
});
