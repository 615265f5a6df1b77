import type { FragmentType } from '@apollo/client';
import { Stack, Text } from '@mantine/core';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { Information_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';

const SESSION = graphql(`
  fragment Information_session on Session {
    id
    version
    liveChat {
      id
      name
    }
    client {
      id
      name
    }
  }
`);

/** The pane on the right: what is known of the session. */
export function Information({ session }: { session: FragmentType<SessionFacts> }) {
  const text = useText();
  const facts = useFacts(SESSION, session);
  if (facts === undefined) return null;
  return (
    <Stack p="md">
      <Field label={text('information.liveChat')} value={facts.liveChat.name} />
      <Field label={text('information.client')} value={facts.client.name} />
    </Stack>
  );
}

function Field({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text>{value}</Text>
    </div>
  );
}
