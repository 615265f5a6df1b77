import { createHmac } from 'node:crypto';
import { Operator } from '../operator';
import { expect, SUPPORT, test, type Colleague } from './stage';

const RLO = '\u202e';

const field = (colleague: Colleague) =>
  colleague.dialog.getByRole('textbox', { name: 'Reply to the client' });
const note = (colleague: Colleague) =>
  colleague.dialog.getByRole('textbox', { name: 'Note for colleagues' });

function promised() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** The client's messages of the open session, as the service stores them. */
async function sent(origin: string, colleague: Colleague): Promise<string[]> {
  const sue = await Operator.arrive(origin, 'sue');
  const id = decodeURIComponent(new URL(colleague.page.url()).pathname.split('/').at(-1) ?? '');
  return (await sue.messages(id)).map(({ text }) => text);
}

test('Enter on a ready answer picks it, or waits for it, and never sends what looks for it', async ({
  arrive,
  client,
  system,
}) => {
  const ada = await Operator.arrive(system.origin, 'ada');
  await ada.ask(
    `mutation($l: ID!) {
      createTemplate(liveChatId: $l, title: "greeting", text: "Good morning!") { userErrors { code } }
    }`,
    { l: SUPPORT },
  );
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const zoe = await client('Zoe of answers');
  await zoe.write('Hello');
  await ann.open(zoe.name);

  // At once, before anything can have been found.
  await field(ann).pressSequentially('/gre');
  await field(ann).press('Enter');
  await expect(field(ann)).toHaveValue('Good morning!');

  // While the list is still being read.
  const { promise: released, resolve: release } = promised();
  await ann.page.route('**/graphql', async (route) => {
    const { operationName } = route.request().postDataJSON() as { operationName: string };
    if (operationName === 'ReadyAnswers') await released;
    await route.continue();
  });
  await field(ann).fill('/greet');
  const asked = ann.page.waitForRequest((request) =>
    (request.postData() ?? '').includes('ReadyAnswers'),
  );
  await asked;
  await field(ann).press('Enter');
  await field(ann).press('Enter');
  await expect(ann.dialog.getByRole('button', { name: 'Claim and send' })).toBeDisabled();
  await expect(field(ann)).toHaveValue('/greet');
  release();
  await expect(field(ann)).toHaveValue('Good morning!');

  // With the list there, by what is marked in it.
  await field(ann).fill('/gr');
  await expect(ann.page.getByRole('option', { name: /greeting/ })).toBeVisible();
  await field(ann).press('Enter');
  await expect(field(ann)).toHaveValue('Good morning!');

  // Without a match nothing is sent either, until the list is closed.
  await field(ann).fill('/nothing like that');
  await expect(ann.page.getByText('No ready answer found.', { exact: false })).toBeVisible();
  await field(ann).press('Enter');
  await expect(field(ann)).toHaveValue('/nothing like that');
  await field(ann).press('Escape');
  await field(ann).press('Enter');
  await zoe.sees('/nothing like that');
  expect(await sent(system.origin, ann)).toEqual(['Hello', '/nothing like that']);
});

test('a note is a note and a reply a reply, and after a note the field says so', async ({
  arrive,
  client,
  system,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const max = await client('Max of notes');
  await max.write('Where is it?');
  await ann.open(max.name);
  await ann.write('I am looking.');
  await max.sees('I am looking.');

  await ann.dialog.getByText('Note', { exact: true }).click();
  await note(ann).fill('He is angry');
  await ann.dialog.getByRole('button', { name: 'Add the note' }).click();
  await ann.sees('He is angry');
  await expect(field(ann)).toBeFocused();
  await expect(ann.dialog.getByText(`What you write now goes to ${max.name}.`)).toBeVisible();

  // Quoting the client begins a reply. The note that was begun is there again after it.
  await ann.dialog.getByText('Note', { exact: true }).click();
  await note(ann).fill('And he is rude');
  await ann.log.getByText('Where is it?', { exact: true }).hover();
  await ann.log.getByRole('button', { name: `Quote the message of ${max.name}` }).click();
  await expect(field(ann)).toHaveValue('');
  await field(ann).fill('It is here.');
  await field(ann).press('Enter');
  await expect(note(ann)).toHaveValue('And he is rude');
  await max.sees('It is here.');
  expect(await sent(system.origin, ann)).toEqual(['Where is it?', 'I am looking.', 'It is here.']);
});

test('who loses the session keeps what they wrote in sight, and sees who has it', async ({
  arrive,
  client,
}) => {
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  await Promise.all([ann.comeOnline(), bob.comeOnline()]);
  const lee = await client('Lee of races');
  await lee.write('Who answers?');
  await ann.open(lee.name);
  await field(ann).fill('I was about to say this');
  await bob.open(lee.name);
  await bob.write('I do.');
  await lee.sees('I do.');
  await expect(ann.dialog.getByText('Bob has the session now.', { exact: false })).toBeVisible();
  await expect(ann.dialog.getByText('I was about to say this')).toBeVisible();
  // The information about the session is Bob's by now.
  await expect(ann.information).toHaveCount(0);

  // To hand it on by oneself says the same.
  await bob.information.getByRole('button', { name: 'Assign', exact: true }).click();
  const assign = bob.page.getByRole('dialog', { name: /^Assign/ });
  await assign.getByRole('radio', { name: 'Ann' }).check();
  await assign.getByRole('textbox', { name: 'Comment' }).fill('You know her \ud83d');
  await assign.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(bob.dialog.getByText('Ann has the session now.', { exact: false })).toBeVisible();
  // It is back with Ann, and with it what she was about to say.
  await expect(field(ann)).toHaveValue('I was about to say this');
});

test('an assigned session is marked until it is opened, and its alert says by whom and why', async ({
  arrive,
  client,
}) => {
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  await ann.comeOnline();
  const pia = await client('Pia of hands');
  await pia.write('Hello');
  await ann.open(pia.name);
  await ann.write('Hello, Pia.');
  await pia.sees('Hello, Pia.');
  await bob.comeOnline();

  // Offline one is told so before anything is asked.
  const presence = ann.page.getByRole('switch', { name: 'Online' });
  await presence.click({ force: true });
  await expect(presence).not.toBeChecked();
  await ann.information.getByRole('button', { name: 'Assign', exact: true }).click();
  const assign = ann.page.getByRole('dialog', { name: `Assign ${pia.name}` });
  await expect(ann.page.getByText('You are offline.', { exact: false }).last()).toBeVisible();
  await expect(assign).toHaveCount(0);
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Go online' }).click();
  await assign.getByRole('radio', { name: 'Bob' }).check();
  await assign.getByRole('textbox', { name: 'Comment' }).fill('She asks for you');
  await assign.getByRole('button', { name: 'Assign', exact: true }).click();

  await expect(bob.alerts).toContainText(pia.name);
  await expect(bob.alerts).toContainText('Ann assigned a session to you in Support');
  await expect(bob.alerts).toContainText('She asks for you');
  // All in it was read, and still it looks as if it were not.
  await expect(bob.row(pia.name)).toHaveAttribute('data-unread', 'true');
  await expect(bob.row(pia.name)).toContainText('Assigned to you');
  await bob.page.reload();
  await expect(bob.row(pia.name)).toContainText('Assigned to you');
  await bob.open(pia.name);
  await expect(bob.row(pia.name)).not.toContainText('Assigned to you');
  await expect(bob.alerts).toHaveCount(0);
  await expect(bob.row(pia.name)).toHaveAttribute('data-unread', 'false');
});

test('a reply that waits is warned of, and sent by the next page', async ({
  arrive,
  client,
  wire,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const kai = await client('Kai of tabs');
  await kai.write('Hello');
  await ann.open(kai.name);
  await ann.write('One.');
  await kai.sees('One.');

  wire.cut();
  await ann.write('Two, without a network.');
  await expect(ann.log.getByText('Not sent yet', { exact: false })).toBeVisible();
  const warned = ann.page.waitForEvent('dialog');
  const closed = ann.page.close({ runBeforeUnload: true });
  const dialog = await warned;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await closed;
  await expect.poll(() => ann.page.isClosed()).toBe(true);

  wire.mend();
  const again = await ann.page.context().newPage();
  await again.goto(wire.origin);
  await again.getByRole('button', { name: /^Ann / }).first().click();
  await kai.sees('Two, without a network.');
});

test('a client who returns is opened at what is new, with the line there', async ({
  arrive,
  client,
  system,
}) => {
  const eve = await client('Eve who returns');
  for (const count of [1, 2, 3, 4]) await eve.write(`${'Old\n'.repeat(9)}Old ${count}`);
  const bob = await Operator.arrive(system.origin, 'bob');
  const id = await bob.take(eve.name);
  await bob.ask('mutation($id: ID!) { closeSession(sessionId: $id) { userErrors { code } } }', {
    id,
  });
  await eve.write('New one');
  const ann = await arrive('Ann');
  await ann.open(eve.name);
  const fresh = ann.log.getByText('New one', { exact: true });
  await expect(fresh).toBeInViewport();
  const lines = ann.log.getByRole('separator').filter({ hasText: /^New$/ });
  await expect(lines).toHaveCount(1);
  const [line, message, last] = await Promise.all(
    [lines, fresh, ann.log.getByText(/Old 4$/)].map((one) => one.boundingBox()),
  );
  expect(line?.y).toBeLessThan(message?.y ?? 0);
  expect(line?.y).toBeGreaterThan(last?.y ?? Infinity);
  await expect(ann.dialog.getByText(/new messages? below/)).toHaveCount(0);
});

test('what exists is bound and not made again, and half an emoji stops nothing', async ({
  arrive,
  client,
  system,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const uma = await client(`Uma ${RLO}of turns`);
  await uma.write('Hello');
  await ann.row('Uma').first().click();
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  // The name in the event turns nothing around but itself.
  await ann.write('Half \ud83d of it');
  await uma.sees('Half \ufffd of it');
  await expect(ann.log.getByText('Not sent', { exact: false })).toHaveCount(0);

  const { information } = ann;
  const open = () => information.getByRole('button', { name: 'Bind: Accounts' }).click();
  const bind = ann.page.getByRole('dialog', { name: 'Bind: Accounts' });
  const find = bind.getByRole('searchbox', { name: 'Find by title' });
  await open();
  await find.fill('Łukasz & Söhne');
  // Not before it is known.
  expect(await bind.getByText('Nothing found.').count()).toBe(0);
  await bind.getByRole('button', { name: /^Create/ }).click();
  await expect(information.getByText('Łukasz & Söhne')).toBeVisible();
  await information.getByRole('button', { name: /^Unbind/ }).click();
  await expect(information.getByText('Łukasz & Söhne')).toHaveCount(0);
  await open();
  await find.fill('łukasz  &  SÖHNE');
  await expect(bind.getByRole('button', { name: 'Łukasz & Söhne' })).toBeVisible();
  await expect(bind.getByRole('button', { name: /^Create/ })).toHaveCount(0);
  await bind.getByRole('button', { name: 'Łukasz & Söhne' }).click();
  await expect(information.getByText('Łukasz & Söhne')).toBeVisible();
  expect(await sent(system.origin, ann)).toHaveLength(2);
});

test('an answer shows that it is sent, and read as soon as the client has seen it', async ({
  arrive,
  client,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const zoe = await client('Zoe who reads');
  await zoe.write('Is anybody there?');
  await ann.open(zoe.name);
  await ann.write('Yes, I am');
  const answer = ann.log.getByRole('article').filter({ hasText: 'Yes, I am' });
  await expect(answer.getByText('Sent', { exact: true })).toBeAttached();
  await zoe.seeAll();
  await expect(answer.getByText('Read by the client')).toBeAttached();
  await expect(answer.getByText('Sent', { exact: true })).toHaveCount(0);
  // A page that reads it anew shows the same, and the client's own message has no such mark.
  await ann.page.reload();
  await expect(answer.getByText('Read by the client')).toBeAttached();
  const question = ann.log.getByRole('article').filter({ hasText: 'Is anybody there?' });
  await expect(question).toBeVisible();
  await expect(question.getByText(/Sent|Read by/)).toHaveCount(0);
});

test('where a channel takes no replies, the page says so before anybody writes one', async ({
  arrive,
  system,
}) => {
  const ann = await arrive('Ann');
  await ann.comeOnline();
  const body = JSON.stringify({
    messageId: crypto.randomUUID(),
    from: { id: '4711', name: 'Max by webhook' },
    text: 'Where is order 7?',
  });
  const signature = createHmac('sha256', 'demo-secret').update(body).digest('hex');
  const posted = await fetch(`${system.origin}/channels/webhook/demo-support`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Signature': `sha256=${signature}` },
    body,
  });
  expect(posted.status).toBe(200);
  await ann.open('Max by webhook');
  await ann.sees('Where is order 7?');
  await expect(
    ann.dialog.getByText('The channel Webhook takes no replies.', { exact: false }),
  ).toBeVisible();
  await expect(field(ann)).toHaveCount(0);
  await ann.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await expect(ann.dialog.getByText('You can add notes.', { exact: false })).toBeVisible();
  await expect(field(ann)).toHaveCount(0);
  await note(ann).fill('He writes by webhook');
  await note(ann).press('Enter');
  await ann.sees('He writes by webhook');
});
