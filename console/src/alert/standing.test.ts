import { describe, expect, it, vi } from 'vitest';
import {
  isCauseLeft,
  MOST_NEWS,
  MOST_STANDING,
  StandingAlerts,
  type SessionNews,
  type StandingAlert,
} from './standing';

const alert = (sessionId: string, change: Partial<StandingAlert> = {}): StandingAlert => ({
  id: `alert of ${sessionId}`,
  kind: 'NEW_SESSION',
  sessionId,
  version: '2',
  name: sessionId,
  liveChat: 'Support',
  says: 'Hello',
  by: undefined,
  ...change,
});
const session = (id: string, change: Partial<SessionNews> = {}): SessionNews => ({
  id,
  version: '3',
  state: 'QUEUED',
  unreadCount: 1,
  operator: null,
  ...change,
});
const of = (id: string, change: Partial<SessionNews> = {}) =>
  session('s', { state: 'ASSIGNED', operator: { id }, ...change });
const names = (alerts: StandingAlerts) => alerts.get().standing.map(({ name }) => name);
const spoken = (alerts: StandingAlerts) => alerts.get().spoken.map(({ name }) => name);

/** Alerts of these sessions, which came in this order. */
function standing(...ids: string[]): StandingAlerts {
  const alerts = new StandingAlerts();
  for (const id of ids) alerts.add(alert(id));
  return alerts;
}

describe('the cause of an alert', () => {
  it('is there as long as the session waits', () => {
    for (const kind of ['NEW_SESSION', 'RETURNED', 'NEW_MESSAGE'] as const) {
      expect(isCauseLeft(kind, session('s'), 'ann')).toBe(true);
      expect(isCauseLeft(kind, of('bob'), 'ann')).toBe(false);
      expect(isCauseLeft(kind, session('s', { state: 'CLOSED' }), 'ann')).toBe(false);
    }
  });

  it('is, of a message of my own session, that it is unread', () => {
    expect(isCauseLeft('NEW_MESSAGE', of('ann'), 'ann')).toBe(true);
    expect(isCauseLeft('NEW_MESSAGE', of('ann', { unreadCount: 0 }), 'ann')).toBe(false);
    expect(isCauseLeft('NEW_SESSION', of('ann'), 'ann')).toBe(false);
  });

  it('is, of an assignment, that the session is mine', () => {
    expect(isCauseLeft('ASSIGNED_TO_ME', of('ann', { unreadCount: 0 }), 'ann')).toBe(true);
    expect(isCauseLeft('ASSIGNED_TO_ME', of('bob'), 'ann')).toBe(false);
    expect(isCauseLeft('ASSIGNED_TO_ME', session('s'), 'ann')).toBe(false);
  });

  it('is, of a kind that came later, that of a message', () => {
    const kind = 'SOMETHING_NEW' as 'NEW_MESSAGE';
    expect(isCauseLeft(kind, session('s'), 'ann')).toBe(true);
    expect(isCauseLeft(kind, of('ann', { unreadCount: 0 }), 'ann')).toBe(false);
  });
});

describe('the alerts that stand', () => {
  it('are one for a session, the newest first, and the latest says what', () => {
    const alerts = standing('a', 'b');
    alerts.add(alert('a', { id: 'later', kind: 'NEW_MESSAGE', says: 'Still there?' }));
    expect(names(alerts)).toEqual(['a', 'b']);
    expect(alerts.get().standing[0]?.says).toBe('Still there?');
  });

  it('have a bound, and forget the oldest', () => {
    const alerts = standing(...Array.from({ length: MOST_STANDING + 1 }, (_, at) => `${at}`));
    expect(names(alerts)).toHaveLength(MOST_STANDING);
    expect(names(alerts)).not.toContain('0');
  });

  it('go when somebody has the session, and when it is out of sight', () => {
    const alerts = standing('a', 'b', 'c');
    alerts.hear(session('a', { state: 'ASSIGNED', operator: { id: 'bob' } }), 'ann');
    expect(names(alerts)).toEqual(['c', 'b']);
    alerts.lose('b', '3');
    expect(names(alerts)).toEqual(['c']);
  });

  it('go when they are opened or dismissed, one or all', () => {
    const alerts = standing('a', 'b', 'c');
    alerts.drop('b');
    expect(names(alerts)).toEqual(['c', 'a']);
    alerts.dropAll();
    expect(names(alerts)).toEqual([]);
  });

  it('stay when what is heard is older than they are', () => {
    const alerts = standing('a', 'b');
    alerts.hear(session('a', { version: '1', state: 'CLOSED' }), 'ann');
    alerts.lose('b', '1');
    expect(names(alerts)).toEqual(['b', 'a']);
  });

  it('do not come when what settles them was heard before', () => {
    const alerts = new StandingAlerts();
    alerts.lose('a', '3');
    expect(alerts.isDue(alert('a'), 'ann')).toBe(false);
    expect(alerts.isDue(alert('a', { version: '4', kind: 'RETURNED' }), 'ann')).toBe(true);
    alerts.hear(session('b'), 'ann');
    expect(alerts.isDue(alert('b'), 'ann')).toBe(true);
    alerts.hear(session('b', { version: '5', state: 'CLOSED' }), 'ann');
    // An answer that was on its way is older, and changes nothing.
    alerts.hear(session('b', { version: '4' }), 'ann');
    expect(alerts.isDue(alert('b'), 'ann')).toBe(false);
  });

  it('remember the latest news of so many sessions only', () => {
    const alerts = new StandingAlerts();
    for (let at = 0; at <= MOST_NEWS; at += 1) alerts.lose(`${at}`, '3');
    expect(alerts.isDue(alert('0'), 'ann')).toBe(true);
    expect(alerts.isDue(alert('1'), 'ann')).toBe(false);
  });

  it('are read out once each: none again because another goes', () => {
    const alerts = standing('a', 'b', 'c', 'd', 'e', 'f');
    expect(spoken(alerts)).toEqual(['b', 'c', 'd', 'e', 'f']);
    alerts.drop('f');
    expect(spoken(alerts)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('say when they change, and not else', () => {
    const alerts = standing('a');
    const listener = vi.fn();
    const stop = alerts.subscribe(listener);
    alerts.drop('b');
    alerts.hear(session('a'), 'ann');
    expect(listener).toHaveBeenCalledTimes(0);
    alerts.drop('a');
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    alerts.add(alert('c'));
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
