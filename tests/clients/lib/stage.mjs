// @ts-check
// Who takes part in a run, and what they pass on from one chapter to the next.

import { CLAIM, CLOSE, LIVE_CHAT, QUEUES, SET_PRESENCE, VIEWER } from './documents.mjs';
import { equal } from './expect.mjs';
import { Employee, Visitor } from './people.mjs';

export class Stage {
  /** What tells this run's clients from those of an earlier one. */
  run = crypto.randomUUID().slice(0, 8);
  /** @type {{ id: string, by: Employee }[]} what is open, and who can close it */
  #open = [];
  /** Ids that the chapters pass on. */
  support = '';
  session = '';

  /** @param {string} origin */
  static async set(origin) {
    const stage = new Stage(origin, {
      ann: await Employee.arrive(origin, 'ann'),
      bob: await Employee.arrive(origin, 'bob'),
      sue: await Employee.arrive(origin, 'sue'),
      dan: await Employee.arrive(origin, 'dan'),
      bea: await Employee.arrive(origin, 'bea'),
      eve: await Employee.arrive(origin, 'eve'),
      kim: await Employee.arrive(origin, 'kim'),
      stranger: await Employee.arrive(origin, 'other/ann'),
    });
    for (const who of [stage.dan, stage.eve, stage.stranger]) {
      const { viewer } = await who.desk.read(VIEWER);
      equal(viewer.counters.queue + viewer.counters.unassignedSessions, 0, 'how many wait already');
    }
    stage.zoe = await Visitor.arrive(origin, stage.named('Zoe'), 'Support');
    return stage;
  }

  /**
   * @param {string} origin
   * @param {Record<'ann' | 'bob' | 'sue' | 'dan' | 'bea' | 'eve' | 'kim' | 'stranger', Employee>} people
   */
  constructor(origin, people) {
    this.origin = origin;
    this.ann = people.ann;
    this.bob = people.bob;
    this.sue = people.sue;
    this.dan = people.dan;
    this.bea = people.bea;
    this.eve = people.eve;
    this.kim = people.kim;
    this.stranger = people.stranger;
    /** @type {Employee} who has it */
    this.winner = people.ann;
    /** @type {Employee} who would have liked to have it */
    this.loser = people.bob;
    /** @type {Visitor} */
    this.zoe = /** @type {any} */ (undefined);
  }

  /** @param {string} name of a client, who is new in every run */
  named(name) {
    return `${name} ${this.run}`;
  }

  /** The operators of Support: ann, bob, and those who supervise something as well. */
  get operators() {
    return [this.ann, this.bob, this.dan, this.bea];
  }

  /** All who see the queue of Support. */
  get watchers() {
    return [...this.operators, this.sue];
  }

  /** All who have a desk. */
  get desks() {
    return [...this.watchers, this.eve, this.stranger];
  }

  /**
   * @param {Employee} who
   * @param {'ONLINE' | 'OFFLINE'} presence
   */
  async go(who, presence) {
    const { employee, userErrors } = await who.desk.act(SET_PRESENCE, { presence });
    equal([employee?.presence, userErrors], [presence, []], `${who.as}'s presence`);
  }

  /**
   * Takes note of a session that is to be closed in the end.
   * @param {string} id
   * @param {Employee} [by]
   */
  opened(id, by = this.dan) {
    if (!this.#open.some((one) => one.id === id)) this.#open.push({ id, by });
  }

  /**
   * Takes note of all sessions of this run's that wait in somebody's live chats.
   * @param {Employee} who
   */
  async note(who) {
    const { viewer } = await who.desk.read(QUEUES);
    for (const { sessions } of viewer.liveChats) {
      for (const { id, name } of sessions.nodes) if (name.endsWith(this.run)) this.opened(id, who);
    }
  }

  /** Closes all that was opened until now: an operator takes it first. */
  async tidy() {
    for (const { id, by } of this.#open.splice(0)) {
      let { userErrors } = await by.desk.act(CLOSE, { id });
      if (userErrors[0]?.code === 'NOT_ASSIGNED') {
        await by.desk.act(CLAIM, { id });
        ({ userErrors } = await by.desk.act(CLOSE, { id }));
      }
      equal(userErrors, [], 'the refusals of a close');
    }
  }

  /** Everybody goes offline. */
  async goOffline() {
    await Promise.all(this.desks.map((who) => this.go(who, 'OFFLINE')));
  }

  /** Leaves the system as it was. */
  async finish() {
    await this.tidy();
    await Promise.all(this.desks.map((who) => who.counted({})));
    await this.goOffline();
  }

  /**
   * A group of Support, as somebody sees it.
   * @param {Employee} who
   * @param {'ACTIVE' | 'CLOSED' | 'QUEUE' | 'MY'} group
   */
  async group(who, group) {
    const { viewer } = await who.desk.read(LIVE_CHAT, { id: this.support, group });
    return viewer.liveChat.sessions.nodes;
  }

  async clear() {
    await Promise.all([...this.desks, this.kim, this.zoe].map((one) => one.leave()));
  }
}
