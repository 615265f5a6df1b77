import { expect, test } from './stage';

test('the page asks for no more than it shows', async ({ arrive, client }) => {
  const zoe = await client('Zoe of requests');
  await zoe.write('One');
  const ann = await arrive('Ann');
  await expect(ann.row(zoe.name)).toBeVisible();

  // Opening the main page: one request, and one feed on the socket.
  expect(ann.requests).toEqual(['Desk']);
  expect(ann.feeds).toEqual(['DeskFeed']);
  await ann.comeOnline();

  // Opening a session: one request, and one feed. That it is read is said once.
  ann.requests.length = 0;
  ann.feeds.length = 0;
  await ann.open(zoe.name);
  await ann.sees('One');
  await expect.poll(() => ann.feeds).toHaveLength(1);
  const reads = () => ann.requests.filter((name) => name !== 'MarkSessionRead');
  expect(reads()).toEqual(['Session']);

  // A message arrives: none.
  ann.requests.length = 0;
  ann.feeds.length = 0;
  await zoe.write('Two');
  await ann.sees('Two');
  await expect(ann.row(zoe.name)).toContainText('Two');
  expect(reads()).toEqual([]);

  // A colleague's claim: none.
  const bob = await arrive('Bob');
  await bob.comeOnline();
  await bob.open(zoe.name);
  ann.requests.length = 0;
  await bob.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await expect(ann.row(zoe.name)).toHaveCount(0);
  expect(reads()).toEqual([]);
  expect(ann.feeds).toEqual([]);
});

test('a connection that comes back reads what is shown once, and nothing is missing', async ({
  arrive,
  client,
  wire,
}) => {
  const max = await client('Max of networks');
  await max.write('Before');
  const ann = await arrive('Ann');
  await ann.comeOnline();
  await ann.open(max.name);
  await ann.write('Seen.');
  await max.sees('Seen.');

  wire.cut();
  await expect(ann.page.getByText('No connection.', { exact: false })).toBeVisible();
  await ann.write('Written without a network.');
  await max.write('Meanwhile');
  ann.requests.length = 0;
  wire.mend();
  await ann.sees('Meanwhile');
  await max.sees('Written without a network.');
  await expect(ann.page.getByText('No connection.', { exact: false })).toHaveCount(0);
  // The lists that are open come with one request, the open dialog with another.
  await expect.poll(() => ann.requests.filter((name) => name === 'Desk')).toHaveLength(1);
  await expect.poll(() => ann.requests.filter((name) => name === 'Session')).toHaveLength(1);
  const others = ann.requests.filter(
    (name) => !['Desk', 'Session', 'SendMessage', 'MarkSessionRead', 'SetTyping'].includes(name),
  );
  expect(others).toEqual([]);
  await expect(ann.log.getByText('Written without a network.', { exact: true })).toHaveCount(1);
});
