import type { AlertKind, SessionState } from '../generated/graphql';

/** An alert whose cause is still there. */
export interface StandingAlert {
  /** The alert's id. */
  id: string;
  kind: AlertKind;
  sessionId: string;
  /** The version of the session that the alert is about. */
  version: string;
  /** The session's name. */
  name: string;
  liveChat: string;
  /** The text of the message, or the comment of an assignment. */
  says: string | undefined;
  /** The name of the employee who assigned the session, where it is known. */
  by: string | undefined;
}

/** The facts of a session that decide about its alert. */
export interface SessionNews {
  id: string;
  version: string;
  state: SessionState;
  unreadCount: number;
  operator?: { id: string } | null;
}

export interface Alerts {
  /** One alert per session, the newest first. */
  standing: readonly StandingAlert[];
  /** The alerts to be read out: only those that came last, in the order in which they came. */
  spoken: readonly StandingAlert[];
}

/** The number of alerts that stand at once, and of sessions that one request reads. */
export const MOST_STANDING = 100;
const MOST_SPOKEN = 5;
/** The number of sessions whose latest news is kept, for alerts that arrive after it. */
export const MOST_NEWS = 500;

type News = Pick<SessionNews, 'version'> & { session: SessionNews | undefined };

/** Checks that a session still needs what its alert asks of the operator. */
export function isCauseLeft(
  kind: AlertKind,
  { state, operator, unreadCount }: SessionNews,
  myId: string | undefined,
): boolean {
  if (state === 'QUEUED') return kind !== 'ASSIGNED_TO_ME';
  const isMine = state === 'ASSIGNED' && myId !== undefined && operator?.id === myId;
  if (kind === 'ASSIGNED_TO_ME') return isMine;
  return kind !== 'NEW_SESSION' && kind !== 'RETURNED' && isMine && unreadCount > 0;
}

/**
 * The alerts that stand: each goes when its session is opened, taken by somebody else, read,
 * closed or out of sight. No timer takes one away.
 */
export class StandingAlerts {
  #alerts: Alerts = { standing: [], spoken: [] };
  readonly #listeners = new Set<() => void>();
  readonly #news = new Map<string, News>();

  readonly get = (): Alerts => this.#alerts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Checks that nothing newer has been heard that settles an alert, which may come again or late. */
  isDue(
    { sessionId, version, kind }: Pick<StandingAlert, 'sessionId' | 'version' | 'kind'>,
    myId: string | undefined,
  ): boolean {
    const news = this.#news.get(sessionId);
    if (news === undefined || news.version < version) return true;
    return news.session !== undefined && isCauseLeft(kind, news.session, myId);
  }

  /** Puts an alert first. It replaces the alert of the same session. */
  add(alert: StandingAlert): void {
    const isOther = ({ sessionId }: StandingAlert) => sessionId !== alert.sessionId;
    const { standing, spoken } = this.#alerts;
    this.#set({
      standing: [alert, ...standing.filter(isOther)].slice(0, MOST_STANDING),
      spoken: [...spoken.filter(isOther), alert].slice(-MOST_SPOKEN),
    });
  }

  /** Takes what a session is now. */
  hear(session: SessionNews, myId: string | undefined): void {
    this.#remember(session.id, { version: session.version, session });
    this.#keep(
      ({ sessionId, version, kind }) =>
        sessionId !== session.id || version > session.version || isCauseLeft(kind, session, myId),
    );
  }

  /** Takes that a session left the viewer's sight. */
  lose(sessionId: string, version: string): void {
    this.#remember(sessionId, { version, session: undefined });
    this.#keep((alert) => alert.sessionId !== sessionId || alert.version > version);
  }

  /** Takes away the alert of a session that was opened, or that somebody dismissed. */
  drop(sessionId: string): void {
    this.#keep((alert) => alert.sessionId !== sessionId);
  }

  dropAll(): void {
    this.#keep(() => false);
  }

  #remember(sessionId: string, news: News): void {
    const known = this.#news.get(sessionId);
    if (known !== undefined && known.version > news.version) return;
    this.#news.delete(sessionId);
    this.#news.set(sessionId, news);
    const [oldest] = this.#news.keys();
    if (this.#news.size > MOST_NEWS && oldest !== undefined) this.#news.delete(oldest);
  }

  #keep(isKept: (alert: StandingAlert) => boolean): void {
    const { standing, spoken } = this.#alerts;
    const kept = standing.filter(isKept);
    if (kept.length < standing.length) this.#set({ standing: kept, spoken: spoken.filter(isKept) });
  }

  #set(alerts: Alerts): void {
    this.#alerts = alerts;
    this.#listeners.forEach((listener) => {
      listener();
    });
  }
}
