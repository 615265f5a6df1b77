import { createContext, use, useEffect, useRef } from 'react';
import { clock } from '../clock/clock';
import type { DeskFeedSubscription } from '../generated/graphql';
import type { Emitter } from './emitter';

type DeskUpdate = DeskFeedSubscription['desk'];
export type SessionChange = DeskUpdate['changes'][number];
export type Alert = DeskUpdate['alerts'][number];

/** The pushes that the whole desk listens to. */
export interface Feeds {
  changes: Emitter<SessionChange>;
  alerts: Emitter<Alert>;
  /** Fires after a lost connection, when pushes may be missing: read the shown data again. */
  reread: Emitter<undefined>;
  /** True if the feed is open, so that data read from now on misses nothing. */
  opened: boolean;
}

/**
 * Passes on the parts of a frame that are not read from the cache, which has taken all of it. The
 * changes come first: one may settle an alert.
 */
export function passOn(
  update: DeskUpdate,
  { changes, alerts }: Pick<Feeds, 'changes' | 'alerts'>,
  onReady: () => void,
): void {
  for (const change of update.changes) {
    if (change.kind === 'READY') onReady();
    else changes.emit(change);
  }
  for (const alert of update.alerts) {
    clock.pushed(alert.at, Date.now());
    alerts.emit(alert);
  }
}

export const FeedContext = createContext<Feeds | null>(null);

export function useFeeds(): Feeds {
  const feeds = use(FeedContext);
  if (feeds === null) throw new Error('There is no FeedProvider above.');
  return feeds;
}

/** Hears every change of a session, after the cache took it. */
export function useSessionChanges(listener: (change: SessionChange) => void): void {
  useListener(useFeeds().changes, listener);
}

/** Hears what should ring. The same alert may come twice: its id says so. */
export function useAlerts(listener: (alert: Alert) => void): void {
  useListener(useFeeds().alerts, listener);
}

const SPREAD = 2_000;

/**
 * Reads again what is shown, after a break. Many pages come back at the same moment, so each waits
 * up to two seconds at random.
 */
export function useReread(read: () => unknown): void {
  const latest = useRef(read);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = read;
  });
  useListener(useFeeds().reread, () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void latest.current();
    }, Math.random() * SPREAD);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
}

function useListener<T>(emitter: Emitter<T>, listener: (value: T) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      emitter.listen((value) => {
        latest.current(value);
      }),
    [emitter],
  );
}
