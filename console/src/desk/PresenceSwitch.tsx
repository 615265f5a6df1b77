import type { FragmentType } from '@apollo/client';
import { Switch } from '@mantine/core';
import { useFacts } from '../apollo/useFacts';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type {
  PresenceSwitch_ViewerFragment as ViewerFacts,
  SetPresenceMutation,
} from '../generated/graphql';
import { useText } from '../language/language';

const VIEWER = graphql(`
  fragment PresenceSwitch_viewer on Viewer {
    employee {
      id
      presence
    }
  }
`);

const SET_PRESENCE = graphql(`
  mutation SetPresence($presence: Presence!) {
    setPresence(presence: $presence) {
      employee {
        id
        presence
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const payloadOf = (data: SetPresenceMutation) => data.setPresence;

/** Whether I am available, as the service says. */
export function PresenceSwitch({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const online = useFacts(VIEWER, viewer)?.employee.presence === 'ONLINE';
  const [setPresence, setting] = useAct(SET_PRESENCE, payloadOf);
  return (
    <Switch
      checked={online}
      disabled={setting}
      color="green"
      aria-label={text('desk.presence')}
      label={text(online ? 'desk.online' : 'desk.offline')}
      onChange={() => setPresence({ presence: online ? 'OFFLINE' : 'ONLINE' })}
    />
  );
}
