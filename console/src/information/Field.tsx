import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  /** The action for the field, at the end of its line. */
  action?: ReactNode;
  children: ReactNode;
}

/** One thing that is known: what it is, and below what it is here. */
export function Field({ label, action, children }: Props) {
  return (
    <div role="group" aria-label={label}>
      <Group justify="space-between" wrap="nowrap" mih={22}>
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        {action}
      </Group>
      {typeof children === 'string' ? (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{children}</bdi>
        </Text>
      ) : (
        children
      )}
    </div>
  );
}
