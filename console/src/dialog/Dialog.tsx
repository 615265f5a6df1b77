import type { FragmentType } from '@apollo/client';
import { ScrollArea, Text, Title } from '@mantine/core';
import { useIntl } from 'react-intl';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { Dialog_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';

const SESSION = graphql(`
  fragment Dialog_session on Session {
    id
    version
    name
    messages(last: 50) {
      nodes {
        id
        seq
        text
        sentAt
        author {
          name
        }
      }
    }
  }
`);

/** The pane in the middle: what was written, oldest first. */
export function Dialog({ session }: { session: FragmentType<SessionFacts> }) {
  const text = useText();
  const intl = useIntl();
  const facts = useFacts(SESSION, session);
  if (facts === undefined) return null;
  return (
    <>
      <Title order={1} size="h4" px="md" py="sm">
        {facts.name}
      </Title>
      <ScrollArea flex={1} px="md" role="log" aria-label={text('dialog.label')}>
        {facts.messages.nodes.map(({ id, author, sentAt, text: written }) => (
          <Text key={id} mb="sm">
            <Text span fw={600} me="xs">
              {author.name}
            </Text>
            <Text span size="xs" c="dimmed">
              {intl.formatTime(sentAt)}
            </Text>
            <br />
            {written}
          </Text>
        ))}
      </ScrollArea>
    </>
  );
}
