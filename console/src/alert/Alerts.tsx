import { useApolloClient } from '@apollo/client/react';
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useAlerts, type Alert } from '../feed/feeds';
import type { AlertKind } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import { handed } from '../session/handed';
import { sessionPath } from '../session/path';
import { readAssignment } from './assigned';
import { createMemory, once, ring } from './ring';
import { useAlertSettings } from './settings';

const TITLE: Record<AlertKind, MessageKey> = {
  NEW_SESSION: 'alert.newSession',
  NEW_MESSAGE: 'alert.newMessage',
  RETURNED: 'alert.returned',
  ASSIGNED_TO_ME: 'alert.assigned',
};

const SHOWN_MILLIS = 8_000;

/** Shows what should ring, and rings. */
export function Alerts() {
  const text = useText();
  const client = useApolloClient();
  const [, navigate] = useLocation();
  const [isNew] = useState(() => createMemory());
  const { sound, showsOnDesktop } = useAlertSettings();

  const show = async (alert: Alert) => {
    const path = sessionPath(alert.session.id);
    const id = `alert ${alert.session.id}`;
    // What is being looked at shows itself.
    if (window.location.pathname === path && document.hasFocus()) return;
    // A kind that came later is met as a new message.
    const key = (TITLE as Partial<Record<string, MessageKey>>)[alert.kind] ?? 'alert.newMessage';
    const isMine = alert.kind === 'ASSIGNED_TO_ME';
    if (isMine) handed().add(alert.session.id);
    const given = isMine ? await readAssignment(client, alert.session.id) : undefined;
    const liveChat = alert.session.liveChat.name;
    const title =
      given === undefined
        ? text(key, { liveChat })
        : text('alert.assignedBy', { liveChat, name: given.by });
    const says = given?.comment ?? alert.message?.text;
    const open = () => {
      window.focus();
      navigate(path);
      notifications.hide(id);
    };
    const toast = {
      id,
      title,
      autoClose: SHOWN_MILLIS,
      closeButtonProps: { 'aria-label': text('alert.dismiss') },
      message: <Body alert={alert} says={says} open={open} label={text('alert.open')} />,
    };
    // One toast for a session: what is shown already says the latest.
    notifications.update(toast);
    notifications.show(toast);
    void once(alert.id, () => {
      if (sound) ring();
      if (showsOnDesktop() && !document.hasFocus()) notify(alert, title, says, open);
    });
  };
  useAlerts((alert) => {
    if (isNew(alert.id)) void show(alert);
  });
  return null;
}

interface BodyProps {
  alert: Alert;
  says: string | undefined;
  open: () => void;
  label: string;
}

function Body({ alert, says, open, label }: BodyProps) {
  return (
    <Group wrap="nowrap" justify="space-between">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate dir="auto">
          {alert.session.name}
        </Text>
        <Text size="sm" c="dimmed" lineClamp={2} dir="auto">
          {says}
        </Text>
      </div>
      <Button size="compact-sm" variant="light" onClick={open} style={{ flex: 'none' }}>
        {label}
      </Button>
    </Group>
  );
}

function notify(alert: Alert, title: string, says: string | undefined, open: () => void): void {
  const body = [alert.session.name, says].filter(Boolean).join('\n');
  const notification = new Notification(title, { body, tag: alert.session.id, icon: '/icon.svg' });
  notification.onclick = () => {
    notification.close();
    open();
  };
}
