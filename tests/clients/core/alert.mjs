// @ts-check
// Who is alerted of what. The pause between alerts is in `time.mjs`.

import { Company } from '../lib/company.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(
    origin,
    {
      desk: {
        ann: ['OPERATOR'],
        bob: ['OPERATOR'],
        dan: ['OPERATOR', 'SUPERVISOR'],
        sue: ['SUPERVISOR'],
      },
    },
    ['eve', 'kim'],
  );
  try {
    await waiting(company);
    await company.online();
    await assigned(company);
    await returned(company);
    await given(company);
    await own(company);
    await unseen(company);
    await broken(company);
    await never(company);
  } finally {
    await company.dissolve();
  }
}

/**
 * Waits until all alerts of before have come: a new session alerts all operators, and what was
 * committed before it is told before it.
 * @param {Company} company
 */
async function settled(company) {
  const marker = await company.visitor(`Marker ${crypto.randomUUID().slice(0, 4)}`);
  await marker.post('A later one');
  const { ann, bob, dan } = company.people;
  const operators = [ann, bob, dan];
  await Promise.all(operators.map((who) => next(who, 'NEW_SESSION', marker.name)));
}

/**
 * @param {Employee} who
 * @param {string} kind
 * @param {string} name of the client
 * @param {string} [text] of the message
 */
function next(who, kind, name, text) {
  return who.alerts.next(
    `${kind} of ${name}`,
    (one) =>
      one.kind === kind &&
      one.session.client.name === name &&
      (text === undefined || one.message?.text === text),
  );
}

/**
 * A new client writes, and all operators are alerted before anything else is done.
 * @param {Company} company
 * @param {string} name
 */
async function arrived(company, name) {
  const { ann, bob, dan } = company.people;
  const arrival = await company.arrival(name, ann);
  await Promise.all([ann, bob, dan].map((who) => next(who, 'NEW_SESSION', arrival.visitor.name)));
  return arrival;
}

/**
 * What somebody was alerted of, about one client; alerts come in no promised order.
 * @param {Employee} who
 * @param {string} name of the client
 * @returns {string[]}
 */
function heard(who, name) {
  const alerts = who.alerts.all.filter(({ session }) => session.client.name === name);
  const once = new Map(alerts.map((one) => [one.id, one]));
  const all = [...once.values()].map(({ kind, message }) => `${kind} ${message?.text ?? ''}`);
  return all.map((one) => one.trim()).toSorted();
}

/** @param {Company} company */
async function waiting(company) {
  const { ann, bob, dan, sue } = company.people;
  const zoe = await company.visitor('Zoe');
  await step(
    "a client's first message alerts every operator, offline ones too: NEW_SESSION",
    async () => {
      const posted = await zoe.post('First');
      for (const who of [ann, bob, dan]) {
        const alert = await next(who, 'NEW_SESSION', zoe.name);
        const { session, message, at } = alert;
        equal([session.state, session.operator, session.unreadCount], ['QUEUED', null, 1], who.as);
        equal([message.text, message.seq], ['First', 1], `the message for ${who.as}`);
        holds(Math.abs(Date.parse(at) - Date.parse(posted.sentAt)) < 1000, 'it says when');
      }
    },
  );
  await step(
    'the next one alerts them again: NEW_MESSAGE, for which NEW_SESSION does not count',
    async () => {
      await zoe.post('Second');
      for (const who of [ann, bob, dan]) await next(who, 'NEW_MESSAGE', zoe.name, 'Second');
    },
  );
  await step('a third within 10 s alerts nobody', async () => {
    await zoe.post('Third');
    await settled(company);
    for (const who of [ann, bob, dan]) {
      equal(heard(who, zoe.name), ['NEW_MESSAGE Second', 'NEW_SESSION First'], who.as);
    }
  });
  await step('supervisors get counters, not alerts', async () => {
    await sue.counted({ unassignedSessions: 2 });
    equal(sue.alerts.all, [], "sue's alerts");
  });
}

/** @param {Company} company */
async function assigned(company) {
  const { ann, bob, dan } = company.people;
  const { visitor: zoe, session } = await arrived(company, 'Assigned');
  await step(
    'every message of an assigned session alerts its operator, and nobody else',
    async () => {
      await company.does(ann, 'claimSession', { sessionId: session });
      for (const text of ['One', 'Two', 'Three']) await zoe.post(text);
      for (const text of ['One', 'Two', 'Three']) await next(ann, 'NEW_MESSAGE', zoe.name, text);
      await settled(company);
      equal(
        heard(ann, zoe.name),
        ['NEW_MESSAGE One', 'NEW_MESSAGE Three', 'NEW_MESSAGE Two', 'NEW_SESSION I am Assigned'],
        'ann',
      );
      for (const who of [bob, dan]) {
        equal(heard(who, zoe.name), ['NEW_SESSION I am Assigned'], who.as);
      }
    },
  );
  await step('that operator is alerted offline too', async () => {
    await company.go(ann, 'OFFLINE');
    await zoe.post('Are you there?');
    await next(ann, 'NEW_MESSAGE', zoe.name, 'Are you there?');
    await company.go(ann, 'ONLINE');
  });
}

/** @param {Company} company */
async function returned(company) {
  const { ann, bob, dan, sue } = company.people;
  const { visitor: zoe, session } = await arrived(company, 'Returned');
  await company.does(ann, 'claimSession', { sessionId: session });
  await step('a return to the queue alerts all operators but who did it: RETURNED', async () => {
    await company.does(ann, 'returnSession', { sessionId: session });
    for (const who of [bob, dan]) {
      const alert = await next(who, 'RETURNED', zoe.name);
      equal([alert.session.state, alert.message], ['QUEUED', null], who.as);
    }
  });
  await step(
    'for NEW_MESSAGE a RETURNED does not count, and who returned it is alerted again',
    async () => {
      await zoe.post('And me?');
      for (const who of [ann, bob, dan]) await next(who, 'NEW_MESSAGE', zoe.name, 'And me?');
      await settled(company);
      equal(heard(ann, zoe.name), ['NEW_MESSAGE And me?', 'NEW_SESSION I am Returned'], 'ann');
    },
  );
  await step('a return by a supervisor alerts who had it as well', async () => {
    await company.does(bob, 'claimSession', { sessionId: session });
    await company.does(sue, 'returnSession', { sessionId: session });
    for (const who of [ann, bob, dan]) await next(who, 'RETURNED', zoe.name);
  });
  await step('returning what waits already changes nothing, and alerts nobody', async () => {
    const before = [ann, bob, dan].map((who) => heard(who, zoe.name));
    await company.does(sue, 'returnSession', { sessionId: session });
    await settled(company);
    equal(
      [ann, bob, dan].map((who) => heard(who, zoe.name)),
      before,
      'the alerts',
    );
  });
}

/** @param {Company} company */
async function given(company) {
  const { ann, bob, dan, sue } = company.people;
  const { visitor: zoe, session: sessionId } = await arrived(company, 'Given');
  const give = (/** @type {Employee} */ who, /** @type {Employee} */ to) =>
    company.does(who, 'assignSession', { sessionId, employeeId: to.id });
  const first = 'NEW_SESSION I am Given';
  await step('an assignment by someone else alerts the new operator: ASSIGNED_TO_ME', async () => {
    await give(sue, ann);
    const alert = await next(ann, 'ASSIGNED_TO_ME', zoe.name);
    equal([alert.session.state, alert.session.operator?.name], ['ASSIGNED', 'Ann'], 'the session');
    await give(ann, bob);
    await next(bob, 'ASSIGNED_TO_ME', zoe.name);
  });
  await step('and nobody else, not again for who has it already', async () => {
    await give(sue, bob);
    await settled(company);
    equal(heard(ann, zoe.name), ['ASSIGNED_TO_ME', first], 'ann');
    equal(heard(bob, zoe.name), ['ASSIGNED_TO_ME', first], 'bob');
    equal(heard(dan, zoe.name), [first], 'dan');
  });
  await step('nobody is alerted by an assignment to themselves', async () => {
    await give(dan, dan);
    await settled(company);
    equal(heard(dan, zoe.name), [first], 'dan');
  });
}

/** @param {Company} company */
async function own(company) {
  const { ann, bob, dan } = company.people;
  await step(
    'an operator who writes as an internal client is not alerted, the others are',
    async () => {
      const post = (/** @type {string} */ text) =>
        company.does(ann, 'postMessage', {
          liveChatId: company.id(),
          text,
          clientMessageId: company.named(text),
        });
      await post('My own');
      await post('My own too');
      for (const who of [bob, dan]) {
        const alert = await next(who, 'NEW_SESSION', 'Ann');
        equal(alert.session.client.isInternal, true, 'the client');
        await next(who, 'NEW_MESSAGE', 'Ann', 'My own too');
      }
      await settled(company);
      equal(heard(ann, 'Ann'), [], "ann's alerts");
    },
  );
  await step('nor when they have that session themselves', async () => {
    const sessionId = await company.waiting(ann, 'Ann');
    await company.does(ann, 'claimSession', { sessionId });
    await company.does(ann, 'postMessage', {
      liveChatId: company.id(),
      text: 'To myself',
      clientMessageId: company.named('To myself'),
    });
    await settled(company);
    equal(heard(ann, 'Ann'), [], "ann's alerts");
  });
}

/** @param {Company} company */
async function unseen(company) {
  const { ann, bob, dan } = company.people;
  await step('an alert whose session is out of sight when it is sent is not sent', async () => {
    const raced = await Promise.all(
      Array.from({ length: 8 }, (_, at) => company.arrival(`Raced ${at}`, ann)),
    );
    await Promise.all(
      raced.map(async ({ visitor, session }) => {
        const claimed = company.does(dan, 'claimSession', { sessionId: session });
        await Promise.all([visitor.post('Again'), claimed]);
        await company.does(dan, 'closeSession', { sessionId: session });
      }),
    );
    await settled(company);
    const names = raced.map(({ visitor }) => visitor.name);
    for (const who of [ann, bob]) {
      const about = who.alerts.all.filter(({ session }) => names.includes(session.client.name));
      holds(about.length > 0, `${who.as} was alerted of some`);
      const others = about.filter(({ session }) => session.state !== 'QUEUED' || session.operator);
      equal(others, [], `alerts of what ${who.as} may not see`);
    }
  });
}

/** @param {Company} company */
async function broken(company) {
  const { ann, bob, dan } = company.people;
  await step('alerts are not repeated after a break', async () => {
    /** @type {(value?: unknown) => void} */
    let open = () => {};
    ann.line.holdBack(new Promise((done) => (open = done)));
    const ready = ann.sessions.all.filter(({ kind }) => kind === 'READY').length;
    ann.line.breakOff();
    const missed = await company.visitor('Missed');
    await missed.post('While you were away');
    await Promise.all([bob, dan].map((who) => next(who, 'NEW_SESSION', missed.name)));
    open();
    await eventually(
      'READY',
      () => ann.sessions.all.filter(({ kind }) => kind === 'READY').length > ready,
    );
    await settled(company);
    equal(heard(ann, missed.name), [], "ann's alerts");
    const queue = await company.group(ann, 'QUEUE', undefined, 'client { name }');
    holds(
      queue.some(({ client }) => client.name === missed.name),
      'the list shows it',
    );
  });
}

/** @param {Company} company */
async function never(company) {
  const { ann, bob, dan, sue, eve, kim } = company.people;
  await step('who is no operator of the live chat was never alerted', () => {
    for (const who of [sue, eve, kim]) equal(who.alerts.all, [], `${who.as}'s alerts`);
  });
  await step('who is operator no more is alerted no more', async () => {
    await company.appoint('bob', []);
    const { visitor } = await company.arrival('Later', ann);
    for (const who of [ann, dan]) await next(who, 'NEW_SESSION', visitor.name);
    await settledWithout(company, visitor.name, bob);
  });
  await step('the same alert has the same id, and different ones have different ids', () => {
    for (const who of [ann, bob, dan]) {
      /** @type {Map<string, string>} */
      const about = new Map();
      for (const { id, kind, session, message, at } of who.alerts.all) {
        const one = JSON.stringify([kind, session.id, message?.id, at]);
        equal(about.get(id) ?? one, one, `what the alert ${id} of ${who.as} is about`);
        about.set(id, one);
      }
      equal(new Set(about.values()).size, about.size, `different alerts of ${who.as}`);
    }
  });
}

/**
 * @param {Company} company
 * @param {string} name of the client
 * @param {Employee} who has no role any more
 */
async function settledWithout(company, name, who) {
  const { ann, dan } = company.people;
  const marker = await company.visitor('Last marker');
  await marker.post('A later one');
  await Promise.all([ann, dan].map((one) => next(one, 'NEW_SESSION', marker.name)));
  equal(heard(who, name), [], `${who.as}'s alerts`);
}
