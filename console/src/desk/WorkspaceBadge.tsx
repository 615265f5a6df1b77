import type { FragmentType } from '@apollo/client';
import { Group, Image, Indicator, Text } from '@mantine/core';
import { useDocumentTitle, useDocumentVisibility, useFavicon } from '@mantine/hooks';
import { Link } from 'wouter';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { WorkspaceBadge_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { useText } from '../language/language';

const VIEWER = graphql(`
  fragment WorkspaceBadge_viewer on Viewer {
    counters {
      id
      version
      workspaceBadge
      queue
    }
  }
`);

/** The icon with the red counter; the title of the page has it too. */
export function WorkspaceBadge({ viewer }: { viewer: FragmentType<ViewerFacts> | undefined }) {
  return viewer === undefined ? <Icon count={0} waiting={0} /> : <Counted viewer={viewer} />;
}

function Counted({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const counters = useFacts(VIEWER, viewer)?.counters;
  return <Icon count={counters?.workspaceBadge ?? 0} waiting={counters?.queue ?? 0} />;
}

function Icon({ count, waiting }: { count: number; waiting: number }) {
  const text = useText();
  const name = text('app.name');
  const isVisible = useDocumentVisibility() === 'visible';
  // On a visible page the person sees the queue itself.
  const says =
    isVisible || waiting === 0 ? name : `${text('list.waiting', { count: waiting })} · ${name}`;
  useDocumentTitle(count === 0 ? says : `(${count}) ${says}`);
  useFavicon(count === 0 ? '/icon.svg' : '/icon-unread.svg');
  return (
    <Group component={Link} wrap="nowrap" gap="sm" c="inherit" td="none" {...{ href: '/' }}>
      <Indicator
        label={<span translate="no">{count}</span>}
        color="red"
        size={18}
        disabled={count === 0}
        aria-label={count === 0 ? name : `${name}: ${text('desk.badge', { count })}`}
      >
        <Image src="/icon.svg" alt="" w={32} h={32} />
      </Indicator>
      <Text fw={700} visibleFrom="sm" aria-hidden>
        {name}
      </Text>
    </Group>
  );
}
