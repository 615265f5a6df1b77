import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useAlerts, type Alert } from '../feed/feeds';
import { handed } from '../session/handed';
import { sessionPath } from '../session/path';
import { useAlertTitle } from './alerting';
import { readAssignment } from './assigned';
import { createMemory, once, ring } from './ring';
import { useAlertSettings } from './settings';
import type { StandingAlert, StandingAlerts } from './standing';

const isLookedAt = (path: string) => window.location.pathname === path && document.hasFocus();

/** Lets each alert stand that comes, rings, and shows it on the desktop. */
export function useArrivals(alerts: StandingAlerts, myId: string | undefined): void {
  const client = useApolloClient();
  const [, navigate] = useLocation();
  const titleOf = useAlertTitle();
  const [isNew] = useState(() => createMemory());
  const { sound, showsOnDesktop } = useAlertSettings();

  const take = async (alert: Alert) => {
    const path = sessionPath(alert.session.id);
    // A session that is on the screen needs no alert.
    if (isLookedAt(path)) return;
    const isMine = alert.kind === 'ASSIGNED_TO_ME';
    if (isMine) handed().add(alert.session.id);
    const given = isMine ? await readAssignment(client, alert.session.id) : undefined;
    const one = asStanding(alert, given);
    // It may have been settled meanwhile, and even before the alert came.
    if (isLookedAt(path) || !alerts.isDue(one, myId)) return;
    alerts.add(one);
    const open = () => {
      window.focus();
      navigate(path);
    };
    void once(alert.id, () => {
      if (sound) ring();
      if (showsOnDesktop() && !document.hasFocus()) notify(one, titleOf(one), open);
    });
  };
  useAlerts((alert) => {
    if (isNew(alert.id)) void take(alert);
  });
}

function asStanding(
  { id, kind, session, message }: Alert,
  given: { by: string; comment: string | undefined } | undefined,
): StandingAlert {
  return {
    id,
    kind,
    sessionId: session.id,
    version: session.version,
    name: session.name,
    liveChat: session.liveChat.name,
    says: given?.comment ?? message?.text,
    by: given?.by,
  };
}

function notify({ sessionId, name, says }: StandingAlert, title: string, open: () => void): void {
  const body = [name, says].filter(Boolean).join('\n');
  const notification = new Notification(title, { body, tag: sessionId, icon: '/icon.svg' });
  notification.onclick = () => {
    notification.close();
    open();
  };
}
