import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useFacts } from '../apollo/useFacts';
import { useViewer } from '../desk/DeskProvider';
import { useAttention } from '../dialog/attention';
import { useAlerts } from '../feed/feeds';
import { graphql } from '../generated';
import type { AlertProvider_ViewerFragment as ViewerFacts } from '../generated/graphql';
import type { FragmentType } from '@apollo/client';
import { AlertContext, useAlertTitle, useStandingAlerts } from './alerting';
import { DesktopOffer } from './offer';
import { useAlertSettings } from './settings';
import { StandingAlerts } from './standing';
import { useArrivals } from './useArrivals';
import { useDepartures } from './useDepartures';

const VIEWER = graphql(`
  fragment AlertProvider_viewer on Viewer {
    employee {
      id
      presence
    }
  }
`);

/** Keeps the alerts that stand, and says each of them once to those who listen to the page. */
export function AlertProvider({ children }: { children: ReactNode }) {
  const viewer = useViewer();
  const [value] = useState(() => ({
    alerts: new StandingAlerts(),
    offer: new DesktopOffer(localStorage),
  }));
  const myId = viewer?.employee.id;
  useArrivals(value.alerts, myId);
  useDepartures(value.alerts, myId);
  return (
    <AlertContext value={value}>
      {children}
      <Spoken />
      {viewer !== undefined && <Considering offer={value.offer} viewer={viewer} />}
    </AlertContext>
  );
}

/** The alerts as they are read out. The visible line shows an older one again when one goes. */
function Spoken() {
  const titleOf = useAlertTitle();
  const { spoken } = useStandingAlerts();
  return spoken.map((alert) => (
    <VisuallyHidden key={alert.id} role="alert">
      <span>{titleOf(alert)}</span> <span dir="auto">{alert.name}</span>{' '}
      <span dir="auto">{alert.says}</span>
    </VisuallyHidden>
  ));
}

interface ConsideringProps {
  offer: DesktopOffer;
  viewer: FragmentType<ViewerFacts>;
}

/** Watches for a reason to offer desktop notifications. */
function Considering({ offer, viewer }: ConsideringProps) {
  const isOnline = useFacts(VIEWER, viewer)?.employee.presence === 'ONLINE';
  const isLookedAt = useAttention();
  const { isUndecided } = useAlertSettings();
  const [hasMissed, setHasMissed] = useState(false);
  useAlerts(() => {
    if (document.visibilityState === 'hidden') setHasMissed(true);
  });
  useEffect(() => {
    offer.consider({ isOnline, hasMissed, isLookedAt, isOpen: isUndecided });
  }, [offer, isOnline, hasMissed, isLookedAt, isUndecided]);
  return null;
}
