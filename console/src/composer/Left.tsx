import { useApolloClient } from '@apollo/client/react';
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useEffectEvent } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import { uploadsOf } from '../upload/upload';
import type { Outgoing } from './outbox';
import { outboxOf, takeOver } from './send';

/** Sees to it that nothing that waits is lost with its tab: it warns, and finds what others left. */
export function Left({ personId }: { personId: string }) {
  const client = useApolloClient();
  const outbox = outboxOf(client, personId);
  const uploads = uploadsOf(client);
  const tell = useTelling();
  const find = useEffectEvent(async () => {
    if (document.visibilityState === 'hidden') return;
    const left = await takeOver(outbox, personId);
    tell(left.filter(({ state }) => state.kind === 'failed'));
  });
  useEffect(() => {
    const look = () => void find();
    look();
    // The tab that was closed may have been another one of this window.
    document.addEventListener('visibilitychange', look);
    window.addEventListener('focus', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
    };
  }, []);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (outbox.isWaiting() || uploads.isSending()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      window.removeEventListener('beforeunload', warn);
    };
  }, [outbox, uploads]);
  return null;
}

/** Says where the messages are that somebody has to decide about. */
function useTelling(): (left: readonly Outgoing[]) => void {
  const text = useText();
  const [, navigate] = useLocation();
  return (left) => {
    const [first] = left;
    if (first === undefined) return;
    const id = `left ${first.id}`;
    notifications.show({
      id,
      autoClose: false,
      message: (
        <Group wrap="nowrap" justify="space-between">
          <Text size="sm">{text('composer.leftHere', { count: left.length })}</Text>
          <Button
            size="compact-sm"
            variant="light"
            style={{ flex: 'none' }}
            onClick={() => {
              navigate(sessionPath(first.sessionId));
              notifications.hide(id);
            }}
          >
            {text('composer.leftOpen')}
          </Button>
        </Group>
      ),
    });
  };
}
