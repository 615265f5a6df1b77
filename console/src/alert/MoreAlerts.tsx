import { Button, Menu, Text } from '@mantine/core';
import { useLocation } from 'wouter';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import { useAlerting, useAlertTitle } from './alerting';
import styles from './AlertStrip.module.css';
import type { StandingAlert } from './standing';

/** The count of the other alerts; a click lists them. */
export function MoreAlerts({ others }: { others: readonly StandingAlert[] }) {
  const text = useText();
  const titleOf = useAlertTitle();
  const [, navigate] = useLocation();
  const { alerts } = useAlerting();
  return (
    <Menu position="top-end" width={320}>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle">
          {text('alert.more', { count: others.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.others}>
          {others.map((alert) => (
            <Menu.Item
              key={alert.sessionId}
              classNames={{ itemLabel: styles.item ?? '' }}
              onClick={() => {
                navigate(sessionPath(alert.sessionId));
              }}
            >
              <Text size="xs" c="dimmed" truncate>
                {titleOf(alert)}
              </Text>
              <Text size="sm" fw={600} truncate dir="auto">
                {alert.name}
              </Text>
              <Text size="sm" c="dimmed" truncate dir="auto">
                {alert.says}
              </Text>
            </Menu.Item>
          ))}
        </div>
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            alerts.dropAll();
          }}
        >
          {text('alert.dismissAll')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
