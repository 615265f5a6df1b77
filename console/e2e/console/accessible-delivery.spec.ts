import { post } from '../channel';
import { Operator } from '../operator';
import { OtherSystem } from '../other-system';
import { WhatsApp } from '../whatsapp';
import { isAccessible } from './axe';
import { expect, shiftService, SUPPORT, test } from './stage';

const HOUR = 3_600_000;

for (const scheme of ['light', 'dark'] as const) {
  test(`the ways of an answer are accessible in ${scheme}`, async ({ arrive, system }) => {
    test.slow();
    const other = await OtherSystem.connect(system.origin, SUPPORT);
    const ada = await Operator.arrive(system.origin, 'ada');
    const { viewer } = await ada.ask<Viewer>('{ viewer { employee { id } } }');
    await ada.ask(
      `mutation($l: ID!, $e: ID!) {
        setMember(liveChatId: $l, employeeId: $e, roles: [OPERATOR]) { userErrors { code } }
      }`,
      { l: SUPPORT, e: viewer.employee.id },
    );
    const administrator = await arrive('Ada');
    const { page, dialog, log, information } = administrator;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await administrator.comeOnline();

    const contacts = [
      { kind: 'email', value: 'eli@shop.example' },
      { kind: 'customer number', value: 'K-4711' },
    ];
    const name = `Eli ${scheme}`;
    await other.write({ from: { id: name, name, contacts }, text: 'Hello' });
    await administrator.open(name);
    await administrator.write('Read');
    const { deliveryId } = await other.receives('Read');
    await other.report(deliveryId, 'read');
    await expect(log.getByText('Read by the client')).toBeAttached();
    other.status = 500;
    await administrator.write('On its way');
    await other.receives('On its way');
    await isAccessible(page, 'contacts, and an answer that waits');
    other.status = 410;
    await expect(log.getByText(/^Not delivered/)).toBeVisible();
    await expect(information.getByText(/^Does not work since/)).toBeVisible();
    await expect(dialog.getByText('takes no replies', { exact: false }).last()).toBeVisible();
    await isAccessible(page, 'a channel with a problem');
    await other.close();

    const person = `Flo ${scheme}`;
    const { bots } = (await (await fetch(`${system.origin}/dev/telegram/api/bots`)).json()) as Bots;
    const bot = bots[0]?.id;
    await post(`${system.origin}/dev/telegram/api/messages`, { bot, person, text: 'Hello' });
    await administrator.open(person);
    await post(`${system.origin}/dev/telegram/api/block`, { bot, person });
    await administrator.write('In vain');
    const retry = log.getByRole('button', { name: 'Retry' });
    await expect(retry).toBeEnabled();
    await isAccessible(page, 'a failed answer with Retry');
    await retry.focus();
    await isAccessible(page, 'Retry with the focus');
  });

  test(`the time to answer is accessible in ${scheme}`, async ({ arrive, system }) => {
    test.slow();
    const whatsApp = await WhatsApp.connect(system.origin, SUPPORT);
    const ann = await arrive('Ann');
    const { page, dialog } = ann;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.clock.install();
    const setShift = await shiftService(page);
    await page.reload();
    await ann.comeOnline();
    await whatsApp.write('4930888888', `Gus ${scheme}`, 'Hello');
    await ann.open(`Gus ${scheme}`);
    await ann.write('Hello, Gus');
    const timer = dialog.getByRole('timer');
    await expect(timer).toHaveAttribute('data-soon', 'false');
    await isAccessible(page, 'time to answer');
    for (const [hours, isSoon] of [
      [23.5, true],
      [24, false],
    ] as const) {
      setShift(hours * HOUR);
      await ann.write(`After ${hours} hours`);
      await whatsApp.receives('4930888888', `After ${hours} hours`);
      await page.clock.runFor(15_000);
      await expect(timer).toHaveCount(isSoon ? 1 : 0);
      await isAccessible(page, isSoon ? 'little time to answer' : 'no more time to answer');
    }
  });
}

interface Viewer {
  viewer: { employee: { id: string } };
}

interface Bots {
  bots: { id: number }[];
}
