import { WhatsApp } from '../whatsapp';
import { expect, shiftService, SUPPORT, test } from './stage';

const HOUR = 3_600_000;

const FIELD = { name: 'Reply to the client' };

test('a conversation runs through WhatsApp, with each mark of the answers', async ({
  arrive,
  system,
}) => {
  const whatsApp = await WhatsApp.connect(system.origin, SUPPORT);
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const asked = await whatsApp.write('4930123456', 'Olga', 'Where is my order?');
  await ann.open('Olga');
  const question = ann.entry('Where is my order?');
  await expect(question.getByRole('img', { name: 'WhatsApp' })).toBeVisible();
  await expect(ann.information.getByRole('link', { name: '+4930123456' })).toHaveAttribute(
    'href',
    'tel:+4930123456',
  );
  await expect(ann.dialog.getByRole('timer')).toContainText(/You can answer until .+ \(23 hr/);

  await question.hover();
  await question.getByRole('button', { name: 'Quote the message of Olga' }).click();
  await ann.write('It leaves today');
  const received = await whatsApp.receives('4930123456', 'It leaves today');
  expect(received.replyTo).toBe(asked);
  const answer = ann.entry('It leaves today');
  for (const [status, words] of [
    ['sent', 'Sent'],
    ['delivered', 'Delivered'],
  ] as const) {
    await whatsApp.report(received.id, status);
    await expect(answer.getByText(words, { exact: true })).toBeAttached();
  }
  await whatsApp.read('4930123456');
  await expect(answer.getByText('Read by the client')).toBeAttached();
  // A late receipt takes nothing back.
  await whatsApp.report(received.id, 'delivered');

  const thanks = await whatsApp.write('4930123456', 'Olga', 'Thenks', received.id);
  const quote = { name: 'Quotes Ann: It leaves today' };
  await expect(ann.entry('Thenks').getByRole('button', quote)).toBeVisible();
  await whatsApp.edit('4930123456', thanks, 'Thanks');
  await expect(ann.entry('Thenks').getByText('edited', { exact: true })).toBeVisible();
  await expect(ann.log.getByText('Thanks', { exact: true })).toBeVisible();
  await whatsApp.revoke('4930123456', thanks);
  await expect(ann.entry('Thenks').getByText('deleted by the client')).toBeVisible();
  await expect(answer.getByText('Read by the client')).toBeAttached();
});

test('an answer that the messenger finds too late fails, and says why', async ({
  arrive,
  system,
}) => {
  const whatsApp = await WhatsApp.connect(system.origin, SUPPORT);
  const ann = await arrive('Ann');
  await ann.comeOnline();
  await whatsApp.write('4930654321', 'Lars', 'Hello');
  await ann.open('Lars');
  await ann.write('Hello, Lars');
  await whatsApp.receives('4930654321', 'Hello, Lars');
  await whatsApp.advance(25);
  await ann.write('Are you still there?');
  const answer = ann.entry('Are you still there?');
  await expect(
    answer.getByText(
      'Not delivered. The messenger takes no answers so long after the client’s message.',
    ),
  ).toBeVisible();
  await whatsApp.write('4930654321', 'Lars', 'Yes, I am');
  await ann.sees('Yes, I am');
  await answer.getByRole('button', { name: 'Retry' }).click();
  await whatsApp.receives('4930654321', 'Are you still there?');
  await expect(answer.getByText(/^(On its way|Sent)$/)).toBeAttached();
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
});

test('the time to answer counts down to its end, and begins anew when the client writes', async ({
  arrive,
  system,
}) => {
  const whatsApp = await WhatsApp.connect(system.origin, SUPPORT);
  const ann = await arrive('Ann');
  const { page, dialog } = ann;
  await page.clock.install();
  const setShift = await shiftService(page);
  await page.reload();
  await ann.comeOnline();
  await whatsApp.write('4930777777', 'Nora', 'Hello');
  await ann.open('Nora');
  await ann.write('Hello, Nora');
  await whatsApp.receives('4930777777', 'Hello, Nora');
  const timer = dialog.getByRole('timer');
  const field = dialog.getByRole('textbox', FIELD);
  await expect(timer).toHaveAttribute('data-soon', 'false');

  /** Lets time pass: the page learns what time it is by what is answered. */
  const pass = async (hours: number, text: string) => {
    setShift(hours * HOUR);
    await ann.write(text);
    await whatsApp.receives('4930777777', text);
    await page.clock.runFor(15_000);
  };
  await pass(23.5, 'I am looking');
  await expect(timer).toContainText(/until .+ \((29|30) min left\)/);
  await expect(timer).toHaveAttribute('data-soon', 'true');
  await pass(24, 'Here it is');
  await expect(
    dialog.getByText(
      'WhatsApp takes no free answers 24 hours after the client’s last message. ' +
        'Wait until they write again. You can add notes.',
    ),
  ).toBeVisible();
  await expect(field).toHaveCount(0);
  await expect(timer).toHaveCount(0);

  setShift(0);
  await whatsApp.write('4930777777', 'Nora', 'I was away');
  await ann.sees('I was away');
  // As soon as the page has said that it is read, it knows what time it is.
  await expect(async () => {
    await page.clock.runFor(15_000);
    await expect(field).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(timer).toHaveAttribute('data-soon', 'false');
  await ann.write('Welcome back');
  await whatsApp.receives('4930777777', 'Welcome back');
});
