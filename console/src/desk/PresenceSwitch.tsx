import type { FragmentType } from '@apollo/client';
import { Switch } from '@mantine/core';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { PresenceSwitch_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { useSetPresence } from './presence';

const VIEWER = graphql(`
  fragment PresenceSwitch_viewer on Viewer {
    employee {
      id
      presence
    }
  }
`);

/** The operator's presence, as the service reports it, and the switch to change it. */
export function PresenceSwitch({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const online = useFacts(VIEWER, viewer)?.employee.presence === 'ONLINE';
  const [setPresence, setting] = useSetPresence();
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
