// @ts-check
// Counters are exact at every instant: everybody acts at once, with repetitions, broken sockets and
// roles that change, and then every number is compared with what the lists and dialogs say.

import { Company } from '../lib/company.mjs';
import { equal, eventually, holds, pause } from '../lib/expect.mjs';
import { Ledger, recount } from '../lib/recount.mjs';
import { request } from '../lib/request.mjs';
import { step } from '../lib/steps.mjs';

/** @typedef {import('../lib/people.mjs').Employee} Employee */
/** @typedef {import('../lib/people.mjs').Visitor} Visitor */

/** The storm goes on until so much was done, however busy the machine is. */
const ACTS = 500;
const READS = 100;
const STORM_MS = 15_000;
const COUNTERS = `{ viewer { counters {
  version workspaceBadge unreadSessions unassignedSessions queue
} } }`;

/** What acts of people who do not know of each other may be refused for. */
const EXPECTED = new Set([
  ...['LIMIT', 'ALREADY_CLAIMED', 'NOT_FOUND', 'NOT_ASSIGNED', 'SESSION_CLOSED', 'FORBIDDEN'],
  ...['NOT_AN_OPERATOR', 'UNSEEN_MESSAGE', 'INVALID'],
]);

/** @param {string} origin */
export async function play(origin) {
  const company = await Company.found(origin, {
    desk: {
      ann: ['OPERATOR'],
      bob: ['OPERATOR'],
      dan: ['OPERATOR', 'SUPERVISOR'],
      sue: ['SUPERVISOR'],
    },
    shop: {
      bob: ['OPERATOR'],
      kim: ['OPERATOR'],
      dan: ['SUPERVISOR'],
      eve: ['OPERATOR', 'SUPERVISOR'],
    },
  });
  try {
    await company.online();
    const storm = await Storm.gather(company);
    await step('everybody acts at once, and nothing goes wrong but what has to', () =>
      storm.rage(),
    );
    await after(company, storm);
  } finally {
    await company.dissolve();
  }
}

/** @template T @param {T[]} all */
const any = (all) => all[Math.floor(Math.random() * all.length)];

/** What goes on at once, and what is to be remembered of it. */
class Storm {
  ledger = new Ledger();
  /** @type {string[]} what must never be */
  faults = [];
  /** @type {string[]} ids of sessions that somebody has seen */
  sessions = [];
  acts = 0;
  reads = 0;
  end = 0;

  /** @param {Company} company */
  static async gather(company) {
    const storm = new Storm(company);
    const chats = ['desk', 'desk', 'desk', 'desk', 'shop', 'shop'];
    storm.visitors = await Promise.all(chats.map((chat, at) => company.visitor(`Web ${at}`, chat)));
    storm.hooks = await Promise.all(['desk', 'shop'].map((chat) => company.webhook(chat)));
    return storm;
  }

  /** @param {Company} company */
  constructor(company) {
    this.company = company;
    /** @type {Visitor[]} */
    this.visitors = [];
    /** @type {Awaited<ReturnType<Company['webhook']>>[]} */
    this.hooks = [];
  }

  async rage() {
    const { ann, bob, dan, sue, kim, eve } = this.company.people;
    this.end = Date.now() + STORM_MS;
    await Promise.all([
      ...this.visitors.map((visitor) => this.writing(visitor)),
      ...this.hooks.map((hook, at) => this.delivering(hook, at)),
      ...[ann, bob, dan, sue, kim, eve].map((who) => this.working(who)),
      ...[ann, bob, dan, sue, kim, eve].map((who) => this.reading(who)),
      this.breaking(ann),
      this.moving(),
    ]);
    equal(this.faults, [], 'what went wrong');
    holds(this.acts >= ACTS / 5, `much was done: ${this.acts} acts, ${this.reads} looks`);
  }

  /** @param {() => Promise<unknown>} act */
  async again(act) {
    while (Date.now() < this.end && (this.acts < ACTS || this.reads < READS)) {
      await act().catch((/** @type {unknown} */ fault) => this.faults.push(String(fault)));
    }
  }

  /**
   * A client who writes, and whose weak network sends some messages several times.
   * @param {Visitor} visitor
   */
  writing(visitor) {
    return this.again(async () => {
      const text = crypto.randomUUID();
      const args = { text, clientMessageId: text };
      const times = Math.random() < 0.3 ? 3 : 1;
      const answers = await Promise.all(
        Array.from({ length: times }, () =>
          this.act(visitor, 'postMessage', args, 'message { id }'),
        ),
      );
      const ids = answers.map((one) => one?.message?.id).filter(Boolean);
      if (new Set(ids).size > 1) this.faults.push(`one message is two: ${ids}`);
      if (ids.length > 0) this.ledger.wrote(visitor, text);
      await pause(250 * Math.random());
    });
  }

  /**
   * Another system that delivers at least once, and in no order.
   * @param {Awaited<ReturnType<Company['webhook']>>} hook
   * @param {number} at
   */
  delivering(hook, at) {
    const from = { id: 'one', name: this.company.named(`Hook ${at}`) };
    /** @type {string[]} */
    const sent = [];
    return this.again(async () => {
      sent.push(crypto.randomUUID());
      const batch = [sent.at(-1), sent.at(-1), any(sent)].map(String);
      const answers = await Promise.all(
        batch.map((messageId) => hook({ messageId, from, text: messageId })),
      );
      for (const [index, { status }] of answers.entries()) {
        if (status === 200) this.ledger.delivered(from.name, batch[index]);
        else if (status !== 429) this.faults.push(`a delivery is answered by ${status}`);
      }
      await pause(300 * Math.random());
    });
  }

  /**
   * Somebody who does whatever comes to their mind, to any session that anybody has seen.
   * @param {Employee} who
   */
  working(who) {
    return this.again(async () => {
      if (this.sessions.length === 0 || Math.random() < 0.25) {
        const taken = await this.act(who, 'claimNextSession', {}, 'session { id }');
        if (taken?.session) this.sessions.push(taken.session.id);
        return;
      }
      const sessionId = any(this.sessions);
      const key = crypto.randomUUID();
      const { ann, bob, dan } = this.company.people;
      const acts = /** @type {[string, object][]} */ ([
        ['claimSession', {}],
        ['sendMessage', { text: 'Reply', clientMessageId: key }],
        ['sendMessage', { text: 'Reply', clientMessageId: key, readUpToSeq: 1 }],
        ['addNote', { text: 'Note', clientMessageId: key }],
        ['markSessionRead', { upToSeq: 1 + Math.floor(20 * Math.random()) }],
        ['markSessionUnread', { fromSeq: 1 + Math.floor(20 * Math.random()) }],
        ['assignSession', { employeeId: any([ann, bob, dan]).id }],
        ['returnSession', {}],
        ['renameSession', { name: key }],
        ...(Math.random() < 0.5 ? [['closeSession', {}]] : []),
      ]);
      const [field, args] = any(acts);
      const twice = Math.random() < 0.2 ? 2 : 1;
      await Promise.all(
        Array.from({ length: twice }, () =>
          this.act(who, field, { sessionId, ...args }, 'session { id }'),
        ),
      );
    });
  }

  /**
   * Somebody who looks at their counters all the time.
   * @param {Employee} who
   */
  reading(who) {
    let last = '';
    return this.again(async () => {
      const { counters } = (await this.company.ask(who, COUNTERS)).viewer;
      this.reads += 1;
      const { version, workspaceBadge, unreadSessions, unassignedSessions, queue } = counters;
      if (workspaceBadge !== unreadSessions + unassignedSessions) {
        this.faults.push(`${who.as}'s badge does not add up: ${JSON.stringify(counters)}`);
      }
      if (version < last) this.faults.push(`${who.as}'s version fell: ${version} after ${last}`);
      if (Math.min(unreadSessions, unassignedSessions, queue) < 0) {
        this.faults.push(`${who.as} counts less than nothing: ${JSON.stringify(counters)}`);
      }
      last = version;
    });
  }

  /** @param {Employee} who whose socket breaks now and then */
  breaking(who) {
    return this.again(async () => {
      await pause(1500);
      who.line.breakOff();
    });
  }

  /** An administrator who takes a role away now and then, and gives it back. */
  moving() {
    return this.again(async () => {
      await pause(2000);
      await this.company.appoint('kim', [], 'shop');
      await pause(500);
      await this.company.appoint('kim', ['OPERATOR'], 'shop');
    });
  }

  /**
   * @param {{ token: string }} who
   * @param {string} field
   * @param {Record<string, unknown>} args
   * @param {string} selection
   * @returns {Promise<any>}
   */
  async act(who, field, args, selection) {
    const list = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const { data, errors } = await request(
      this.company.origin,
      who.token,
      `mutation { ${field}${list.length > 0 ? `(${list.join(', ')})` : ''} {
        ${selection} userErrors { code message }
      } }`,
    );
    this.acts += 1;
    // What is busy may say so, and is asked again by a page.
    const codes = (errors ?? []).map(({ extensions }) => extensions?.code);
    const wrong = codes.filter((code) => code !== 'UNAVAILABLE');
    if (wrong.length > 0) this.faults.push(`${field}: ${JSON.stringify(errors)}`);
    const payload = data?.[field];
    for (const { code, message } of payload?.userErrors ?? []) {
      if (!EXPECTED.has(code)) this.faults.push(`${field}: ${code} ${message}`);
    }
    return payload;
  }
}

/**
 * @param {Company} company
 * @param {Storm} storm
 */
async function after(company, storm) {
  const people = Object.values(company.people);
  await step('a removal gives back what it has to, and then nothing moves any more', async () => {
    await eventually('two looks that are the same', async () => {
      const look = () => Promise.all(people.map((who) => company.ask(who, COUNTERS)));
      const before = JSON.stringify(await look());
      await pause(300);
      return JSON.stringify(await look()) === before;
    });
  });
  await step('each counter is what the lists say', async () => {
    for (const who of people) {
      const { counters } = (await company.ask(who, COUNTERS)).viewer;
      const { unreadSessions, unassignedSessions, queue } = await recount(company, who);
      const { version, ...asked } = counters;
      equal(
        asked,
        {
          workspaceBadge: unreadSessions + unassignedSessions,
          unreadSessions,
          unassignedSessions,
          queue,
        },
        `${who.as}'s counters of ${version}`,
      );
    }
  });
  await step('the last push is the final value', async () => {
    for (const who of people) {
      const { counters } = (await company.ask(who, COUNTERS)).viewer;
      await eventually(`the push to ${who.as}`, () => who.pushed().version === counters.version);
      const { workspaceBadge, unreadSessions, unassignedSessions, queue } = who.pushed();
      equal(
        {
          version: who.pushed().version,
          workspaceBadge,
          unreadSessions,
          unassignedSessions,
          queue,
        },
        counters,
        `what was pushed to ${who.as}`,
      );
    }
  });
  await step('each push adds up', () => {
    for (const who of people) {
      for (const { workspaceBadge, unreadSessions, unassignedSessions } of who.counters.all) {
        equal(workspaceBadge, unreadSessions + unassignedSessions, `${who.as}'s badge`);
      }
    }
  });
  await step('each session counts the messages its operator has not read', () =>
    storm.ledger.badges(company),
  );
  await step('at most one session of a client is open, and it is the latest', () =>
    storm.ledger.open(company),
  );
  await step('what was acknowledged is there once, in a dialog without a hole', () =>
    storm.ledger.complete(company),
  );
  await step('an operator of the list has as many open sessions as it says', () =>
    storm.ledger.loads(company),
  );
}
