// @ts-check

import { equal, holds } from '../lib/expect.mjs';
import { Visitor } from '../lib/people.mjs';
import { chapter, step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function silence(stage) {
  const { eve, stranger, sue, origin } = stage;
  chapter('Who has no part in it heard nothing');

  await step('a later event of their own reaches eve and the other ann', async () => {
    const buyer = await Visitor.arrive(origin, stage.named('Buyer'), 'Sales');
    await buyer.post('A thousand, please');
    const own = await eve.alerts.next(
      'her own alert',
      ({ session }) => session.name === buyer.name,
    );
    stage.opened(own.session.id);
    await eve.counted({ queue: 1 });
    const from = { id: stage.named('far away'), name: stage.named('Far') };
    await deliver(origin, 'other-support', { messageId: stage.run, from, text: 'Elsewhere' });
    const far = await stranger.alerts.next(
      'her own alert',
      ({ session }) => session.name === from.name,
    );
    stage.opened(far.session.id, stranger);
    await stranger.counted({ queue: 1 });
  });

  await step('before it they heard of no session of others, and no count of theirs moved', () => {
    for (const who of [eve, stranger]) {
      const [own, ...others] = who.liveChats.map(({ id }) => id);
      equal(others, [], `further live chats of ${who.as}`);
      const heard = [...who.alerts.all, ...who.sessions.all];
      const told = heard.filter(({ session }) => session).map(({ session }) => session);
      equal(
        told.filter(({ liveChat }) => liveChat.id !== own),
        [],
        `sessions of others that ${who.as} heard of`,
      );
      const removed = heard.map(({ removedId }) => removedId).filter(Boolean);
      const known = new Set(told.map(({ id }) => id));
      equal(
        removed.filter((id) => !known.has(id)),
        [],
        `unknown sessions that ${who.as} lost`,
      );
      const queues = new Set(who.countedSince().map(({ queue }) => queue));
      equal([...queues], [who.before.queue + 1], `${who.as}'s blue counter since the beginning`);
    }
  });

  await step('a supervisor who operates nothing was never alerted', () => {
    equal(sue.alerts.all, [], "sue's alerts");
  });

  await step('each push of counters adds up, and none goes back in version', () => {
    for (const { as, counters } of stage.desks) {
      let version = '';
      for (const one of counters.all) {
        equal(one.workspaceBadge, one.unreadSessions + one.unassignedSessions, `${as}'s badge`);
        holds(one.version >= version, `${as}'s versions rise: ${version}, ${one.version}`);
        ({ version } = one);
      }
    }
  });

  await step('an alert that came twice came under one id, and no subscription ended', () => {
    for (const who of stage.desks) {
      const ids = new Map();
      for (const { id, kind, message } of who.alerts.all.filter((alert) => alert.message)) {
        const about = `${kind} ${message.id}`;
        equal(id, ids.get(about) ?? id, `the id of ${about}`);
        ids.set(about, id);
      }
      for (const inbox of [who.alerts, who.sessions, who.counters, who.presence]) {
        equal([inbox.error, inbox.isComplete], [undefined, false], inbox.name);
      }
    }
  });
}
