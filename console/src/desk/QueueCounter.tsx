import type { FragmentType } from '@apollo/client';
import { Badge, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useLocation } from 'wouter';
import { useFacts } from '../apollo/useFacts';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type {
  ClaimNextSessionMutation,
  QueueCounter_ViewerFragment as ViewerFacts,
} from '../generated/graphql';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import { useShortcut } from '../shortcut/registry';

const VIEWER = graphql(`
  fragment QueueCounter_viewer on Viewer {
    counters {
      id
      version
      queue
    }
  }
`);

const CLAIM_NEXT = graphql(`
  mutation ClaimNextSession($key: String!) {
    claimNextSession(idempotencyKey: $key) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const payloadOf = (data: ClaimNextSessionMutation) => data.claimNextSession;

/** The blue counter: how many wait. A click takes the one that waits longest. */
export function QueueCounter({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const [, navigate] = useLocation();
  const count = useFacts(VIEWER, viewer)?.counters.queue ?? 0;
  const [claimNext, claiming] = useAct(CLAIM_NEXT, payloadOf);
  const take = async () => {
    const payload = await claimNext({ key: crypto.randomUUID() });
    if (payload === undefined) return;
    if (payload.session) navigate(sessionPath(payload.session.id));
    else notifications.show({ message: text('desk.noneWaits') });
  };
  useShortcut('n', 'desk.next', () => void take(), { enabled: !claiming });
  return (
    <Button
      fullWidth
      loading={claiming}
      variant={count > 0 ? 'filled' : 'default'}
      onClick={take}
      leftSection={
        <Badge circle size="lg" variant={count > 0 ? 'white' : 'default'}>
          {count}
        </Badge>
      }
    >
      {text('desk.nextCount', { count })}
    </Button>
  );
}
