import { Operator } from '../operator';
import { OtherSystem } from '../other-system';
import { expect, SUPPORT, test as base } from './stage';

const test = base.extend<{ other: OtherSystem }>({
  other: async ({ system }, give) => {
    const other = await OtherSystem.connect(system.origin, SUPPORT);
    await give(other);
    await other.close();
  },
});

test('a conversation runs through a system of the company’s own', async ({ arrive, other }) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const from = {
    id: '42',
    name: 'Max',
    contacts: [
      { kind: 'email', value: 'max@shop.example' },
      { kind: 'customer number', value: 'K-4711' },
    ],
  };
  const asked = await other.write({ from, text: 'Where is order 7?' });
  await ann.open('Max');
  const question = ann.entry('Where is order 7?');
  await expect(question.getByRole('img', { name: 'Webhook: Shop' })).toBeVisible();
  const mail = ann.information.getByRole('link', { name: 'max@shop.example' });
  await expect(mail).toHaveAttribute('href', 'mailto:max@shop.example');
  await expect(ann.information.getByText('K-4711')).toBeVisible();

  other.status = 500;
  await question.hover();
  await question.getByRole('button', { name: 'Quote the message of Max' }).click();
  await ann.write('It leaves today');
  const answer = ann.entry('It leaves today');
  await other.receives('It leaves today');
  await expect(answer.getByText('On its way')).toBeAttached();
  // The next one waits for the one before.
  await ann.write('By rail');
  await expect(ann.entry('By rail').getByText('On its way')).toBeAttached();
  other.status = 204;
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
  await expect(ann.entry('By rail').getByText('Sent', { exact: true })).toBeAttached();
  expect(other.calls.at(-1)?.text).toBe('By rail');
  const attempts = other.calls.filter(({ text }) => text === 'It leaves today');
  expect(attempts.length).toBeGreaterThan(1);
  expect(new Set(attempts.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  expect(attempts[0]).toMatchObject({
    type: 'message',
    to: { id: '42' },
    author: { name: 'Ann' },
    replyTo: asked,
  });

  const [last] = attempts;
  await other.report(last?.deliveryId ?? '', 'read');
  await expect(answer.getByText('Read by the client')).toBeAttached();
  await other.write({ from, text: 'Order 7, I mean', replyTo: asked });
  const quote = { name: 'Quotes Max: Where is order 7?' };
  await expect(ann.entry('Order 7, I mean').getByRole('button', quote)).toBeVisible();
});

test('what the other system finds wrong later is said, without a way to repeat it', async ({
  arrive,
  other,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  await other.write({ from: { id: '43', name: 'Pia' }, text: 'Hello' });
  await ann.open('Pia');
  await ann.write('Hello, Pia');
  const { deliveryId } = await other.receives('Hello, Pia');
  const answer = ann.entry('Hello, Pia');
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
  await other.report(deliveryId, 'failed', { code: 'REJECTED', message: 'The account is closed' });
  await expect(answer.getByText('Not delivered. The messenger refused it.')).toBeVisible();
  await expect(answer.getByText('The account is closed')).toBeVisible();
  await expect(answer.getByRole('button', { name: 'Retry' })).toHaveCount(0);
});

test('a system that is gone takes no replies any more, and administrators see why', async ({
  arrive,
  other,
  system,
}) => {
  const ada = await Operator.arrive(system.origin, 'ada');
  const { viewer } = await ada.ask<Viewer>('{ viewer { employee { id } } }');
  await ada.ask(
    `mutation($l: ID!, $e: ID!) {
      setMember(liveChatId: $l, employeeId: $e, roles: [SUPERVISOR]) { userErrors { code } }
    }`,
    { l: SUPPORT, e: viewer.employee.id },
  );
  const ann = await arrive('Ann');
  await ann.comeOnline();
  await other.write({ from: { id: '44', name: 'Ben' }, text: 'Hello' });
  await ann.open('Ben');
  await ann.write('Hello, Ben');
  await other.receives('Hello, Ben');
  other.status = 410;
  await ann.write('How can I help?');
  const answer = ann.entry('How can I help?');
  await expect(answer.getByText('Not delivered. The channel takes no replies.')).toBeVisible();
  await expect(
    ann.dialog.getByText('The channel Shop takes no replies. You can add notes.'),
  ).toBeVisible();
  await expect(ann.dialog.getByRole('textbox', { name: 'Reply to the client' })).toHaveCount(0);
  await expect(ann.information.getByText(/Disabled|Does not work/)).toHaveCount(0);

  const administrator = await arrive('Ada');
  await administrator.open('Ben');
  const { information } = administrator;
  await expect(information.getByText('Disabled: nothing comes in')).toBeVisible();
  await expect(information.getByText(/^Does not work since/)).toBeVisible();

  // It is mended, and what failed arrives.
  other.status = 204;
  await ada.ask(
    'mutation($id: ID!) { updateChannel(channelId: $id, isEnabled: true) { userErrors { code } } }',
    { id: other.channelId },
  );
  await other.write({ from: { id: '44', name: 'Ben' }, text: 'Are you there?' });
  await expect(ann.dialog.getByRole('textbox', { name: 'Reply to the client' })).toBeVisible();
  await answer.getByRole('button', { name: 'Retry' }).click();
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
  await administrator.page.reload();
  await administrator.sees('How can I help?');
  await expect(information.getByText('Shop', { exact: true })).toBeVisible();
  await expect(information.getByText(/Disabled|Does not work/)).toHaveCount(0);
});

interface Viewer {
  viewer: { employee: { id: string } };
}
