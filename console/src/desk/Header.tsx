import { ActionIcon, Group, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useText } from '../language/language';
import { useViewer } from './DeskProvider';
import styles from './Header.module.css';
import { PresenceSwitch } from './PresenceSwitch';
import { UserMenu } from './UserMenu';
import { WorkspaceBadge } from './WorkspaceBadge';

interface Props {
  search: ReactNode;
  sessionId: string | undefined;
  informationShown: boolean;
  setInformationShown: (shown: boolean) => void;
}

/** The bar above the panes. */
export function Header({ search, sessionId, informationShown, setInformationShown }: Props) {
  const text = useText();
  const viewer = useViewer();
  return (
    <Group className={styles.header ?? ''} wrap="nowrap" px="md" h={56}>
      {sessionId !== undefined && (
        <ActionIcon
          component={Link}
          href="/"
          variant="subtle"
          size="lg"
          hiddenFrom="sm"
          aria-label={text('desk.back')}
        >
          <span aria-hidden className={styles.arrow}>
            ‹
          </span>
        </ActionIcon>
      )}
      <WorkspaceBadge viewer={viewer} />
      <div className={styles.search}>{search}</div>
      {viewer === undefined ? (
        <Skeleton w={120} h={32} />
      ) : (
        <>
          <PresenceSwitch viewer={viewer} />
          <UserMenu viewer={viewer} />
        </>
      )}
      {sessionId !== undefined && (
        <ActionIcon
          variant={informationShown ? 'filled' : 'subtle'}
          size="lg"
          hiddenFrom="lg"
          aria-pressed={informationShown}
          aria-label={text(informationShown ? 'desk.hideInformation' : 'desk.showInformation')}
          onClick={() => {
            setInformationShown(!informationShown);
          }}
        >
          <span aria-hidden>i</span>
        </ActionIcon>
      )}
    </Group>
  );
}
