import type { FragmentType } from '@apollo/client';
import { Badge, Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { QueueCounter_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { useShortcut } from '../shortcut/registry';
import { useSetPresence } from './presence';
import styles from './QueueCounter.module.css';
import { useTakeNext } from './useTakeNext';

const VIEWER = graphql(`
  fragment QueueCounter_viewer on Viewer {
    employee {
      id
      presence
    }
    counters {
      id
      version
      queue
    }
    liveChats {
      id
      viewerRoles
    }
  }
`);

const OFFLINE = 'desk.offline';

/** The blue counter: how many wait. A click takes the one that waits longest. For operators. */
export function QueueCounter({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const facts = useFacts(VIEWER, viewer);
  if (!facts?.liveChats.some(({ viewerRoles }) => viewerRoles.includes('OPERATOR'))) return null;
  return <Foot count={facts.counters.queue} isOffline={facts.employee.presence === 'OFFLINE'} />;
}

function Foot({ count, isOffline }: { count: number; isOffline: boolean }) {
  const text = useText();
  const [setPresence, setting] = useSetPresence();
  const takeAgain = useRef<() => void>(undefined);
  const goOnline = async () => (await setPresence({ presence: 'ONLINE' })) !== undefined;
  const [take, taking] = useTakeNext(() => {
    notifications.show({
      id: OFFLINE,
      color: 'orange',
      message: (
        <div className={styles.offline}>
          <Text size="sm">{text('error.offline')}</Text>
          <Button
            size="compact-sm"
            flex="none"
            onClick={async () => {
              notifications.hide(OFFLINE);
              if (await goOnline()) takeAgain.current?.();
            }}
          >
            {text('desk.goOnlineAndTake')}
          </Button>
        </div>
      ),
    });
  });
  useEffect(() => {
    takeAgain.current = take;
  });
  useShortcut('n', 'desk.next', take, { enabled: !taking });
  return (
    <div className={styles.foot}>
      {isOffline && (
        <div className={styles.offline}>
          <Text size="xs" c="dimmed">
            {text('desk.youAreOffline')}
          </Text>
          <Button size="compact-xs" variant="light" loading={setting} onClick={goOnline}>
            {text('desk.goOnline')}
          </Button>
        </div>
      )}
      <Button
        fullWidth
        loading={taking}
        variant={count > 0 ? 'filled' : 'default'}
        onClick={take}
        leftSection={
          <Badge size="lg" translate="no" variant={count > 0 ? 'white' : 'default'}>
            {count}
          </Badge>
        }
      >
        {text('desk.nextCount', { count })}
      </Button>
    </div>
  );
}
