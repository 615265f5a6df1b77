import type { Locator, Page } from '@playwright/test';
import { bytesAt, manual, photo, png, type Choosable } from '../picture';
import { Messenger } from './messenger';
import { expect, test, type Client, type Colleague } from './stage';

const field = (colleague: Colleague) =>
  colleague.dialog.getByRole('textbox', { name: 'Reply to the client' });
const attached = (colleague: Colleague) =>
  colleague.dialog.getByRole('list', { name: 'Files of the message' });

async function choose(colleague: Colleague, ...files: Choosable[]): Promise<void> {
  const chooser = colleague.page.waitForEvent('filechooser');
  await colleague.dialog.getByRole('button', { name: 'Attach files' }).click();
  await (await chooser).setFiles(files);
}

/** Waits until all files of the message are uploaded. */
async function areUploaded(colleague: Colleague, count: number): Promise<void> {
  await expect(attached(colleague).getByRole('listitem')).toHaveCount(count);
  await expect(attached(colleague).getByRole('progressbar')).toHaveCount(0);
  await expect(attached(colleague).getByRole('alert')).toHaveCount(0);
}

const send = (colleague: Colleague) =>
  colleague.dialog.getByRole('button', { name: 'Send', exact: true }).click();

/** Waits until a picture is loaded. */
async function isShown(picture: Locator): Promise<void> {
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
}

/** Claims a client's session, in the page. */
async function claim(colleague: Colleague, client: Client): Promise<void> {
  await client.write('Hello');
  await colleague.comeOnline();
  await colleague.open(client.name);
  await colleague.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await colleague.sees('Ann claimed the session');
}

/** Dispatches a paste or a drop with files, as the browser does for a person. */
async function hand(target: Locator, kind: 'paste' | 'drop', files: Choosable[]): Promise<void> {
  const given = files.map(({ buffer, ...file }) => ({ ...file, text: buffer.toString('base64') }));
  await target.evaluate(
    (element, [kind, given]) => {
      const data = new DataTransfer();
      for (const { name, mimeType, text } of given) {
        const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      const options = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data }),
      );
    },
    [kind, given] as const,
  );
}

test('a customer sends a photo from the shop, and the operator a photo and a manual', async ({
  arrive,
  browser,
  system,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const shop = await (await browser.newContext()).newPage();
  await shop.goto(`${system.origin}/demo`);
  await shop.locator('.launcher').click();
  const chat = shop.getByRole('dialog', { name: /Support|Chat/ });
  const broken = photo('broken.png', 40);
  await shop.locator('input[type="file"]').setInputFiles(broken);
  await chat.getByRole('textbox').fill('It came like this');
  await expect(chat.getByRole('progressbar')).toHaveCount(0);
  await chat.getByRole('button', { name: 'Send' }).click();

  const row = ann.lists.getByRole('link').filter({ hasText: 'It came like this' });
  await row.click();
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  const seen = ann.entry('It came like this').getByRole('img', { name: 'broken.png' });
  await isShown(seen);
  const link = ann.entry('It came like this').getByRole('link', { name: 'broken.png' });
  expect(await bytesAt(await link.getAttribute('href'))).toEqual(broken.buffer);

  const fixed = photo('fixed.png', 200);
  await choose(ann, fixed, manual);
  await areUploaded(ann, 2);
  await field(ann).fill('This is how it looks, and the manual');
  await send(ann);
  const answer = ann.entry('This is how it looks, and the manual');
  await isShown(answer.getByRole('img', { name: 'fixed.png' }));
  await expect(answer.getByRole('link', { name: /Manual\.pdf.*20 byte/ })).toBeVisible();
  await expect(attached(ann)).toHaveCount(0);
  await isShown(chat.getByRole('img', { name: 'fixed.png' }));
  const got = chat.getByRole('link', { name: /Manual\.pdf/ });
  expect(await bytesAt(await got.getAttribute('href'))).toEqual(manual.buffer);
  await shop.context().close();
});

test('pictures and files go both ways through Telegram', async ({ arrive, browser, system }) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const zoe = await Messenger.open(browser, system.origin, 'Zoe', 'zoe_sends');
  const broken = photo('broken.png', 60);
  await zoe.page.getByLabel('Send files').setInputFiles([broken, manual]);
  await isShown(zoe.page.getByRole('img', { name: 'photo' }));
  // A list shows the last word of a client: their document.
  await expect(ann.row('Zoe')).toContainText('Manual.pdf');
  await ann.open('Zoe');
  await isShown(ann.log.getByRole('img', { name: 'photo.jpg' }));
  const link = ann.log.getByRole('link', { name: 'photo.jpg' });
  expect(await bytesAt(await link.getAttribute('href'))).toEqual(broken.buffer);
  const document = ann.log.getByRole('link', { name: /Manual\.pdf/ });
  expect(await bytesAt(await document.getAttribute('href'))).toEqual(manual.buffer);

  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await ann.sees('Ann claimed the session');
  await choose(ann, photo('fixed.png', 220), manual);
  await areUploaded(ann, 2);
  // Files need no words.
  await send(ann);
  await isShown(zoe.page.getByRole('img', { name: 'fixed.png' }));
  await expect(zoe.page.getByRole('link', { name: 'Manual.pdf' })).toHaveCount(2);
  await zoe.close();
});

test('files are pasted and dropped, go on their own, and stay in the draft', async ({
  arrive,
  client,
}) => {
  const ann = await arrive('Ann');
  const mia = await client('Mia of files');
  await claim(ann, mia);
  await hand(field(ann), 'paste', [photo('pasted.png')]);
  await hand(ann.log, 'drop', [photo('dropped.png'), manual]);
  await areUploaded(ann, 3);
  await attached(ann).getByRole('button', { name: 'Remove dropped.png' }).click();
  await areUploaded(ann, 2);
  await field(ann).fill('Both of them');

  // Neither another session nor a reload loses them.
  const una = await client('Una of files');
  await una.write('Hello');
  await ann.open(una.name);
  await expect(attached(ann)).toHaveCount(0);
  await ann.open(mia.name);
  await areUploaded(ann, 2);
  await ann.page.reload();
  await areUploaded(ann, 2);
  await expect(field(ann)).toHaveValue('Both of them');
  await field(ann).press('Enter');
  await isShown(ann.entry('Both of them').getByRole('img', { name: 'pasted.png' }));
  await expect(ann.entry('Both of them').getByRole('link', { name: /Manual/ })).toBeVisible();
  await mia.sees('Both of them');
});

/** Holds uploads to the storage until the test releases or aborts them. */
async function hold(page: Page): Promise<{ release: () => void; fail: () => void }> {
  let decide: (isLet: boolean) => void = () => undefined;
  let decided = new Promise<boolean>((resolve) => (decide = resolve));
  const isStorage = (url: URL) => url.pathname.startsWith('/files');
  await page.route(isStorage, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const isLet = await decided;
    return isLet ? route.continue() : route.abort();
  });
  return {
    release: () => {
      decide(true);
      decided = Promise.resolve(true);
    },
    fail: () => {
      decide(false);
      decided = Promise.resolve(false);
    },
  };
}

test('an upload says how far it is, is cancelled, fails and is tried again', async ({
  arrive,
  client,
}) => {
  const ann = await arrive('Ann');
  const mia = await client('Mia of uploads');
  await claim(ann, mia);
  const storage = await hold(ann.page);
  await choose(ann, photo('one.png'), photo('two.png', 20));
  await expect(attached(ann).getByRole('progressbar')).toHaveCount(2);
  await field(ann).fill('Here');
  const button = ann.dialog.getByRole('button', { name: 'Send', exact: true });
  await expect(button).toBeDisabled();
  await attached(ann).getByRole('button', { name: 'Cancel two.png' }).click();
  await expect(attached(ann).getByRole('listitem')).toHaveCount(1);
  storage.fail();
  await expect(attached(ann).getByRole('alert')).toHaveText(
    'The service cannot be reached. Check your connection.',
    { timeout: 30_000 },
  );
  storage.release();
  await attached(ann).getByRole('button', { name: 'Try one.png again' }).click();
  await areUploaded(ann, 1);
  await send(ann);
  await isShown(ann.entry('Here').getByRole('img', { name: 'one.png' }));
});

test('what cannot be attached is named with the reason', async ({ arrive, client }) => {
  const ann = await arrive('Ann');
  const mia = await client('Mia of bounds');
  await claim(ann, mia);
  const large = { ...manual, name: 'large.pdf', buffer: Buffer.alloc(25 * 1024 * 1024 + 1) };
  const empty = { ...manual, name: 'empty.pdf', buffer: Buffer.alloc(0) };
  await choose(
    ann,
    large,
    empty,
    ...Array.from({ length: 11 }, (_, index) => photo(`${index}.png`)),
  );
  for (const complaint of [
    /large\.pdf is too large: a file has at most 25 MB/,
    /empty\.pdf is empty, or a folder/,
    /10\.png is left out: a message has at most 10 files/,
  ]) {
    await expect(ann.page.getByText(complaint)).toBeVisible();
  }
  await areUploaded(ann, 10);
});

test('a note keeps its files from the client, and a bomb is refused', async ({
  arrive,
  client,
  system,
}) => {
  const ann = await arrive('Ann');
  const mia = await client('Mia of notes');
  await claim(ann, mia);
  await ann.dialog.getByRole('radiogroup').getByText('Note').click();
  const bomb = png(9, 9);
  // It says of itself that it is huge; the sum of its head is another then.
  bomb.writeUInt32BE(60_000, 16);
  await choose(ann, photo('inside.png'), { ...manual, name: 'bomb.png', buffer: bomb });
  await areUploaded(ann, 2);
  await ann.dialog.getByRole('textbox', { name: 'Note for colleagues' }).fill('Look at this');
  await ann.dialog.getByRole('button', { name: 'Add the note' }).click();
  const added = ann.entry('Look at this');
  await isShown(added.getByRole('img', { name: 'inside.png' }));
  await expect(added.getByText('was refused: it is harmful, too large or gone')).toBeVisible();
  expect(await filesOf(system.origin, mia.name)).toEqual([]);
});

/** Returns the names of all files that a client can see. */
async function filesOf(origin: string, name: string): Promise<string[]> {
  const as = encodeURIComponent(`client:${name}`);
  const response = await fetch(`${origin}/dev/token?as=${as}&liveChat=Support`);
  const { token } = (await response.json()) as { token: string };
  const query = '{ conversation { messages(last: 100) { nodes { attachments { name } } } } }';
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data } = (await answer.json()) as { data: Conversation };
  const { nodes } = data.conversation.messages;
  return nodes.flatMap(({ attachments }) => attachments.map((file) => file.name));
}

interface Conversation {
  conversation: { messages: { nodes: { attachments: { name: string }[] }[] } };
}

test('the viewer goes from picture to picture by keys', async ({ arrive, client }) => {
  const ann = await arrive('Ann');
  const mia = await client('Mia of pictures');
  await claim(ann, mia);
  await choose(ann, photo('first.png', 10), photo('second.png', 250));
  await areUploaded(ann, 2);
  await send(ann);
  await isShown(ann.log.getByRole('img', { name: 'second.png' }));
  await ann.log.getByRole('link', { name: 'first.png' }).click();
  const viewer = ann.page.getByRole('dialog', { name: 'Pictures of the dialog' });
  await isShown(viewer.getByRole('img', { name: 'first.png' }));
  await expect(viewer.getByRole('status')).toHaveText('first.png, 1 of 2');
  await expect(viewer.getByRole('button', { name: 'Earlier picture' })).toBeDisabled();
  await ann.page.keyboard.press('ArrowRight');
  await isShown(viewer.getByRole('img', { name: 'second.png' }));
  const saved = viewer.getByRole('link', { name: 'Download' });
  expect(await bytesAt(await saved.getAttribute('href'))).toEqual(photo('', 250).buffer);
  await ann.page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
});
