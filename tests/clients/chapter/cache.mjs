// @ts-check

import { VIEWER } from '../lib/documents.mjs';
import { equal, eventually } from '../lib/expect.mjs';
import { Visitor } from '../lib/people.mjs';
import { chapter, step } from '../lib/steps.mjs';

/** @param {import('../lib/stage.mjs').Stage} stage */
export async function cache(stage) {
  const { sue, origin } = stage;
  chapter("Apollo's cache moves by itself");

  await step(
    'a push moves viewer.counters and the left menu of a page that asked once',
    async () => {
      /** @type {any[]} */
      const shown = [];
      const asked = () => sue.desk.requests.get('Viewer') ?? 0;
      const page = sue.desk.apollo.watchQuery({ query: VIEWER, fetchPolicy: 'cache-and-network' });
      const before = asked();
      const watching = page.subscribe({
        next: ({ data, loading }) => !loading && shown.push(data),
      });
      const first = await eventually('the page', () => shown.at(-1));
      const { id, unassignedSessions, liveChats } = first.viewer.counters;
      const queueCount = liveChats[0].queueCount;
      const max = await Visitor.arrive(origin, stage.named('Mia'), 'Support');
      await max.post('Anybody there?');
      const alert = await stage.ann.alerts.next(
        'the alert',
        ({ session }) => session.name === max.name,
      );
      stage.opened(alert.session.id);
      const moved = await eventually('the new count', () =>
        shown.find(({ viewer }) => viewer.counters.unassignedSessions === unassignedSessions + 1),
      );
      equal(moved.viewer.counters.id, id, 'the id');
      equal(moved.viewer.counters.liveChats[0].queueCount, queueCount + 1, "Support's count");
      equal(asked(), before + 1, 'how often the page asked');
      watching.unsubscribe();
    },
  );
}
