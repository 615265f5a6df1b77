import { expect, shiftService, test } from './stage';

const HOUR = 3_600_000;

test('waiting and typing are measured by the clock of the service, not by a wrong one', async ({
  arrive,
  client,
}) => {
  for (const [name, wrong] of [
    ['Ann', 3 * HOUR],
    ['Bob', -3 * HOUR],
  ] as const) {
    const colleague = await arrive(name);
    const { page } = colleague;
    await page.clock.install({ time: Date.now() + wrong });
    await page.reload();
    const ida = await client(`Ida of ${name}`);
    await ida.write('Hello');
    await expect(colleague.row(ida.name).locator('time')).toHaveText('now');
    await colleague.open(ida.name);
    const typing = page.getByText(/Ida.*is typing/);
    // The dialog may not be followed yet, and the same person is not announced twice in three seconds.
    await expect(async () => {
      await ida.type();
      await expect(typing).toBeVisible({ timeout: 2_000 });
    }).toPass({ intervals: [3_100], timeout: 30_000 });
    await page.clock.runFor(2_500);
    await expect(typing).toBeVisible();
    await page.clock.runFor(4_000);
    await expect(typing).toHaveCount(0);
  }
});

test('today is yesterday after midnight, without anything else that happens', async ({
  arrive,
  client,
}) => {
  const ann = await arrive('Ann');
  await ann.page.clock.install();
  const setShift = await shiftService(ann.page);
  await ann.page.reload();
  await ann.comeOnline();
  const eda = await client('Eda of today');
  await eda.write('Good evening');
  await ann.open(eda.name);
  const day = ann.log.getByRole('separator').first();
  const time = ann.row(eda.name).locator('time').first();
  await ann.write('Good evening, Eda');
  await expect(day).toHaveText('Today');
  await expect(time).toHaveText(/^\d+:\d\d/);

  // It is a minute to midnight, where the operator is.
  const midnight = await ann.page.evaluate(() => new Date().setHours(24, 0, 0, 0));
  const say = async (text: string, at: number) => {
    setShift(at - Date.now());
    await ann.write(text);
    await eda.sees(text);
    await ann.page.clock.runFor(15_000);
  };
  await say('Nearly midnight', midnight - 60_000);
  await expect(day).toHaveText('Today');
  await expect(time).toHaveText(/^\d+:\d\d/);
  await ann.page.clock.runFor(60_000);
  await expect(day).toHaveText('Yesterday');
  await expect(time).toHaveText('yesterday');
});
