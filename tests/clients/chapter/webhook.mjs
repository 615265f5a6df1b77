// @ts-check

import { ASSIGN, DIALOG } from '../lib/documents.mjs';
import { equal } from '../lib/expect.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function webhook(stage) {
  const { ann, sue, bea, origin } = stage;
  const name = stage.named('Max');
  const message = {
    messageId: stage.named('order 7'),
    from: { id: stage.named('+49 30'), name },
    text: 'Where is order 7?',
    sentAt: '2026-01-02T03:04:05.678Z',
  };
  chapter('A message comes by the webhook');
  let session = '';

  await step('a wrong signature is refused, and an unknown channel is not found', async () => {
    const wrong = await deliver(origin, 'demo-support', message, 'another secret');
    const unknown = await deliver(origin, 'demo-nothing', message);
    equal([wrong.status, unknown.status], [401, 404], 'the status');
  });

  await step('signed, it opens a session; again, it answers 200 and changes nothing', async () => {
    const first = await deliver(origin, 'demo-support', message);
    equal(first.status, 200, 'the status');
    const alert = await ann.alerts.next('NEW_SESSION', ({ session: of }) => of.name === name);
    session = alert.session.id;
    stage.opened(session);
    equal(alert.session.channel.kind, 'WEBHOOK', 'the channel');
    const again = await deliver(origin, 'demo-support', message);
    const changed = await deliver(origin, 'demo-support', { ...message, text: 'Where?' });
    equal([again.status, changed.status], [200, 200], 'the status of the same message');
    const { viewer } = await ann.desk.read(DIALOG, { id: session });
    const [only, ...others] = viewer.session.messages.nodes;
    equal([only.text, only.sentAt, others], [message.text, message.sentAt, []], 'the dialog');
    equal(viewer.session.unreadCount, 1, 'unread');
    await sue.counted({ unassignedSessions: 1 });
  });

  await step('a supervisor gives a queued session to an operator', async () => {
    await stage.go(bea, 'ONLINE');
    const { session: given, userErrors } = await sue.desk.act(ASSIGN, { id: session, to: bea.id });
    equal([userErrors, given?.operator?.id], [[], bea.id], 'the session');
    await bea.alerts.next(
      'ASSIGNED_TO_ME',
      ({ kind, session: of }) => kind === 'ASSIGNED_TO_ME' && of.id === session,
    );
    await bea.counted({ unreadSessions: 1 });
    await sue.counted({});
  });
}
