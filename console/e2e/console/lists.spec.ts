import type { Page, Route } from '@playwright/test';
import { expect, test } from './stage';

const group = (page: Page, name: string) =>
  page.getByRole('button', { name: new RegExp(`^${name}`) });

test('a group is read once when it is opened, and comes with the main page the next time', async ({
  arrive,
}) => {
  // She closes nothing in any test.
  const eve = await arrive('Eve');
  const closed = group(eve.page, 'Closed').first();
  eve.requests.length = 0;
  await closed.click();
  await expect(eve.page.getByText('No closed sessions yet.')).toBeVisible();
  await closed.click();
  await expect(closed).toHaveAttribute('aria-expanded', 'false');
  await closed.click();
  await expect(eve.page.getByText('No closed sessions yet.')).toBeVisible();
  expect(eve.requests).toEqual(['Sessions']);

  eve.requests.length = 0;
  await eve.page.reload();
  await expect(eve.page.getByText('No closed sessions yet.')).toBeVisible();
  expect(eve.requests).toEqual(['Desk']);
});

test('a filter is one request, and what is pushed under it stands where it belongs', async ({
  arrive,
  client,
}) => {
  const [ann, zoe] = [await arrive('Ann'), await client('Zoe of filters')];
  await zoe.write('One');
  await ann.comeOnline();
  await ann.open(zoe.name);
  await ann.write('Answered.');
  await zoe.sees('Answered.');
  ann.requests.length = 0;
  await ann.page.getByText('Waiting for a reply', { exact: true }).click();
  await expect(ann.row(zoe.name)).toHaveCount(0);
  expect(ann.requests.filter((name) => name !== 'MarkSessionRead')).toEqual(['Desk']);
  await zoe.write('Thank you, and one more thing');
  await expect(ann.row(zoe.name)).toBeVisible();
});

test('the focus stays in the lists when another claims the session that has it', async ({
  arrive,
  client,
}) => {
  const [ann, bob] = [await arrive('Ann'), await arrive('Bob')];
  for (const name of ['First of focus', 'Second of focus']) {
    await (await client(name)).write('Hello');
    await expect(ann.row(name)).toBeVisible();
  }
  await ann.row('First of focus').focus();
  await ann.page.keyboard.press('j');
  await expect(ann.row('Second of focus')).toBeFocused();
  await ann.page.keyboard.press('ArrowUp');
  await expect(ann.row('First of focus')).toBeFocused();

  await bob.comeOnline();
  await bob.open('First of focus');
  await bob.dialog.getByRole('button', { name: /^Claim$/ }).click();
  await expect(ann.row('First of focus')).toHaveCount(0);
  await expect(ann.row('Second of focus')).toBeFocused();
  await ann.page.keyboard.press('Enter');
  await expect(ann.page.getByRole('heading', { level: 1, name: 'Second of focus' })).toBeVisible();
});

test('who is offline and claims the next is offered to go online, and has it', async ({
  arrive,
  client,
}) => {
  const bea = await arrive('Bea');
  const max = await client('Max of offline');
  await max.write('Anybody?');
  const presence = bea.page.getByRole('switch', { name: 'Online' });
  if (await presence.isChecked()) await presence.click({ force: true });
  await expect(presence).not.toBeChecked();
  await expect(bea.queue).toHaveText(/Claim the next/);
  await bea.queue.click();
  await bea.page.getByRole('button', { name: 'Go online and claim it' }).click();
  await expect(bea.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(presence).toBeChecked();
});

/** The queue of Support as if so many waited, by pages as the service gives them. */
function manyWaiting(count: number) {
  let [liveChatId, viewerId] = ['', ''];
  const session = (n: number) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
    const name = `Client ${n}`;
    return {
      __typename: 'Session',
      id: `many-${String(n).padStart(6, '0')}`,
      version: '0'.repeat(31) + '1',
      ...{ name, state: 'QUEUED', isNew: true, unreadCount: 1 },
      ...{ firstMessageAt: at, lastMessageAt: at, waitingSince: at, closedAt: null },
      liveChat: { __typename: 'LiveChat', id: liveChatId },
      operator: null,
      channel: { __typename: 'Channel', id: 'channel', kind: 'WEB', name: 'Web' },
      preview: { __typename: 'MessagePreview', kind: 'CLIENT', authorName: name, text: 'Hello' },
    };
  };
  const page = (first: number, after: string | null = null) => {
    const from = Number(after ?? 0);
    const to = Math.min(count, from + first);
    return {
      __typename: 'SessionConnection',
      nodes: Array.from({ length: to - from }, (_, at) => session(from + at)),
      pageInfo: { __typename: 'PageInfo', endCursor: String(to), hasNextPage: to < count },
    };
  };
  return async (route: Route) => {
    const { operationName, variables } = route.request().postDataJSON() as Asked;
    if (operationName === 'Desk') {
      const response = await route.fetch();
      const answer = (await response.json()) as DeskAnswer;
      const { viewer } = answer.data;
      viewerId = viewer.id;
      for (const liveChat of viewer.liveChats) {
        liveChatId = liveChat.id;
        liveChat.queue = page(30);
      }
      await route.fulfill({ json: answer });
    } else if (operationName === 'Sessions' && variables.group === 'QUEUE') {
      const sessions = page(variables.first, variables.after);
      const liveChat = { __typename: 'LiveChat', id: liveChatId, sessions };
      await route.fulfill({
        json: { data: { viewer: { __typename: 'Viewer', id: viewerId, liveChat } } },
      });
    } else {
      await route.continue();
    }
  };
}

interface Asked {
  operationName: string;
  variables: { group: string; first: number; after?: string | null };
}

interface DeskAnswer {
  data: { viewer: { id: string; liveChats: { id: string; queue: unknown }[] } };
}

test('a long list is read on as one scrolls, and only what is in sight is there', async ({
  arrive,
}) => {
  const ann = await arrive('Ann');
  await ann.page.route('**/graphql', manyWaiting(1_000));
  await ann.page.reload();
  const list = ann.page.getByRole('list', { name: 'Sessions' });
  await expect(list.getByText('Client 0', { exact: true }).first()).toBeVisible();
  let most = 0;
  await expect
    .poll(
      async () => {
        most = Math.max(most, await list.getByRole('listitem').count());
        await list.evaluate((element) => {
          element.scrollBy(0, 2_000);
        });
        return list.getByText('Client 999', { exact: true }).count();
      },
      { timeout: 40_000, intervals: [50] },
    )
    .toBeGreaterThan(0);
  expect(most).toBeLessThan(60);
});
