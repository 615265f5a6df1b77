import type { Page } from '@playwright/test';
import { expect, test } from './stage';

const SESSIONS = 10_000;

/** Answers for the closed sessions of Support as a service with very many would, page by page. */
async function answerWithMany(page: Page): Promise<void> {
  await page.route('**/graphql', async (route) => {
    const asked = route.request().postDataJSON() as {
      operationName: string;
      variables: { group?: string; first: number; after?: string | null };
    };
    if (asked.operationName !== 'Sessions' || asked.variables.group !== 'CLOSED') {
      await route.continue();
      return;
    }
    const from = Number(asked.variables.after ?? 0);
    const to = Math.min(SESSIONS, from + asked.variables.first);
    const nodes = Array.from({ length: to - from }, (_, index) => closedSession(from + index));
    const pageInfo = { endCursor: String(to), hasNextPage: to < SESSIONS };
    const answer = (await (await route.fetch()).json()) as Answer;
    answer.data.viewer.liveChat.sessions = { ...answer.data.viewer.liveChat.sessions, nodes };
    Object.assign(answer.data.viewer.liveChat.sessions.pageInfo, pageInfo);
    await route.fulfill({ json: answer });
  });
}

interface Answer {
  data: { viewer: { liveChat: { sessions: { nodes: object[]; pageInfo: object } } } };
}

function closedSession(number: number) {
  const at = new Date(Date.UTC(2026, 0, 1) - number * 60_000).toISOString();
  return {
    __typename: 'Session',
    id: `closed-${number}`,
    version: '0'.repeat(32),
    name: `Closed ${number}`,
    state: 'CLOSED',
    isNew: false,
    unreadCount: 0,
    firstMessageAt: at,
    lastMessageAt: at,
    waitingSince: null,
    closedAt: at,
    liveChat: { __typename: 'LiveChat', id: 'TGl2ZUNoYXQ6ZGVtby9zdXBwb3J0' },
    operator: null,
    preview: {
      __typename: 'MessagePreview',
      kind: 'CLIENT',
      authorName: 'Zoe',
      text: 'Thank you.',
    },
  };
}

test('a list of ten thousand sessions has only those in sight on the page', async ({ arrive }) => {
  test.setTimeout(150_000);
  const sue = await arrive('Sue');
  await answerWithMany(sue.page);
  await sue.lists.getByRole('button', { name: 'Closed' }).click();
  await expect(sue.row('Closed 0')).toBeVisible();
  const pane = sue.row('Closed 0').locator('xpath=ancestor::div[@data-row]/../..');
  let most = 0;
  await expect(async () => {
    await pane.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    most = Math.max(most, await sue.lists.getByRole('link').count());
    await expect(sue.row(`Closed ${SESSIONS - 1}`)).toBeVisible({ timeout: 50 });
  }).toPass({ timeout: 100_000, intervals: [20] });
  expect(most).toBeLessThan(60);
  // Scrolled through from end to end, painting never stops for long.
  const worst = await pane.evaluate(async (element) => {
    let [longest, before] = [0, performance.now()];
    for (let top = element.scrollHeight; top > 0; top -= element.scrollHeight / 100) {
      element.scrollTop = top;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      longest = Math.max(longest, now - before);
      before = now;
    }
    return Math.round(longest);
  });
  test.info().annotations.push({ type: 'longest frame', description: `${worst} ms` });
  console.log(`        the longest of 100 frames while scrolling: ${worst} ms; rows: ${most}`);
  await expect(sue.lists.getByRole('link').first()).toBeVisible();
});
