import type { FragmentType } from '@apollo/client';
import { Badge, Divider, Group, Stack, Text } from '@mantine/core';
import { useIntl } from 'react-intl';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type {
  Information_SessionFragment as SessionFacts,
  Information_ViewerFragment as ViewerFacts,
} from '../generated/graphql';
import { useText } from '../language/language';
import { Assign } from './Assign';
import { Bindings } from './Bindings';
import { Channel } from './Channel';
import { Contacts } from './Contacts';
import { Field } from './Field';
import { OtherSessions } from './OtherSessions';
import { Rename } from './Rename';

const SESSION = graphql(`
  fragment Information_session on Session {
    id
    version
    liveChat {
      id
      name
    }
    operator {
      id
      name
      presence
    }
    client {
      id
      name
      isInternal
      employee {
        id
        name
      }
      contacts {
        kind
        value
      }
    }
    channel {
      id
      kind
      name
      address
      isEnabled
      problem {
        code
        message
        since
      }
    }
    firstMessageAt
    ...Rename_session
    ...Assign_session
    ...Bindings_session
  }
`);

const VIEWER = graphql(`
  fragment Information_viewer on Viewer {
    isAdministrator
    employee {
      id
      presence
    }
  }
`);

interface Props {
  session: FragmentType<SessionFacts>;
  viewer: FragmentType<ViewerFacts>;
}

/** The pane on the right: what is known of the session, and what it is bound to. */
export function Information({ session, viewer }: Props) {
  const text = useText();
  const intl = useIntl();
  const facts = useFacts(SESSION, session);
  const viewerFacts = useFacts(VIEWER, viewer);
  const isOnline = viewerFacts?.employee.presence === 'ONLINE';
  if (facts === undefined) return null;
  const { liveChat, client, channel, operator, firstMessageAt } = facts;
  return (
    <Stack p="md" gap="sm">
      <Rename key={facts.id} session={facts} isOnline={isOnline} />
      <Field label={text('information.liveChat')}>{liveChat.name}</Field>
      <Field
        label={text('information.operator')}
        action={<Assign key={facts.id} session={facts} isOnline={isOnline} />}
      >
        <Operator operator={operator} />
      </Field>
      <Field label={text('information.firstMessage')}>
        {intl.formatDate(firstMessageAt, { dateStyle: 'long', timeStyle: 'short' })}
      </Field>
      {client.isInternal ? (
        <Field label={text('information.internalClient')}>
          {client.employee?.name ?? client.name}
        </Field>
      ) : (
        <Field label={text('information.client')}>{client.name}</Field>
      )}
      <Contacts contacts={client.contacts} />
      <Channel channel={channel} isAdministrator={viewerFacts?.isAdministrator === true} />
      <Divider />
      <Bindings key={`bindings ${facts.id}`} session={facts} isOnline={isOnline} />
      <Divider />
      <OtherSessions key={client.id} clientId={client.id} sessionId={facts.id} />
    </Stack>
  );
}

function Operator({ operator }: { operator: SessionFacts['operator'] }) {
  const text = useText();
  if (!operator) {
    return (
      <Text size="sm" c="dimmed">
        {text('information.nobody')}
      </Text>
    );
  }
  const isOnline = operator.presence === 'ONLINE';
  return (
    <Group gap="xs">
      <Text size="sm">
        <bdi>{operator.name}</bdi>
      </Text>
      <Badge size="xs" variant="light" color={isOnline ? 'teal' : 'gray'}>
        {text(isOnline ? 'desk.online' : 'desk.offline')}
      </Badge>
    </Group>
  );
}
