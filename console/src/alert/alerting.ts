import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import type { AlertKind } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import type { DesktopOffer } from './offer';
import type { Alerts, StandingAlert, StandingAlerts } from './standing';

export interface Alerting {
  alerts: StandingAlerts;
  offer: DesktopOffer;
}

export const AlertContext = createContext<Alerting | null>(null);

export function useAlerting(): Alerting {
  const context = use(AlertContext);
  if (context === null) throw new Error('There is no AlertProvider above.');
  return context;
}

export function useStandingAlerts(): Alerts {
  const { alerts } = useAlerting();
  return useSyncExternalStore(alerts.subscribe, alerts.get);
}

const TITLE: Record<AlertKind, MessageKey> = {
  NEW_SESSION: 'alert.newSession',
  NEW_MESSAGE: 'alert.newMessage',
  RETURNED: 'alert.returned',
  ASSIGNED_TO_ME: 'alert.assigned',
};

/** Gives the title of an alert in the language of the page. */
export function useAlertTitle(): (alert: StandingAlert) => string {
  const text = useText();
  return useCallback(
    ({ kind, liveChat, by }) => {
      if (by !== undefined) return text('alert.assignedBy', { liveChat, name: by });
      // A kind that came later is met as a new message.
      const key = (TITLE as Partial<Record<string, MessageKey>>)[kind] ?? 'alert.newMessage';
      return text(key, { liveChat });
    },
    [text],
  );
}
