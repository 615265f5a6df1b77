import type { FragmentType } from '@apollo/client';
import { Text, Title } from '@mantine/core';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type {
  LiveChats_ViewerFragment as ViewerFacts,
  SessionRow_SessionFragment as RowFacts,
} from '../generated/graphql';
import { useText } from '../language/language';
import styles from './LiveChats.module.css';
import { SessionRow } from './SessionRow';

const VIEWER = graphql(`
  fragment LiveChats_viewer on Viewer {
    liveChats {
      id
      name
      viewerRoles
      queue: sessions(group: QUEUE, first: 20) {
        edges {
          cursor
          node {
            id
            ...SessionRow_session
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
      my: sessions(group: MY, first: 20) {
        edges {
          cursor
          node {
            id
            ...SessionRow_session
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`);

/** The live chats where I have a role, each with its groups of sessions. */
export function LiveChats({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const liveChats = useFacts(VIEWER, viewer)?.liveChats ?? [];
  if (liveChats.length === 0) {
    return (
      <Text p="md" c="dimmed">
        {text('list.noLiveChats')}
      </Text>
    );
  }
  return liveChats.map(({ id, name, queue, my }) => (
    <section key={id} aria-label={name}>
      <Title order={2} className={styles.liveChat ?? ''}>
        {name}
      </Title>
      <Group title={text('list.queue')} sessions={queue.edges.map(({ node }) => node)} />
      <Group title={text('list.my')} sessions={my.edges.map(({ node }) => node)} />
    </section>
  ));
}

interface GroupProps {
  title: string;
  sessions: (FragmentType<RowFacts> & { id: string })[];
}

function Group({ title, sessions }: GroupProps) {
  const text = useText();
  return (
    <>
      <Title order={3} className={styles.group ?? ''}>
        {title}
      </Title>
      {sessions.length === 0 && (
        <Text px="md" py={4} size="sm" c="dimmed">
          {text('list.empty')}
        </Text>
      )}
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </>
  );
}
