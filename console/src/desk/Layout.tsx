import type { ReactNode } from 'react';
import { useText } from '../language/language';
import { ConnectionBar } from './ConnectionBar';
import styles from './Layout.module.css';

interface Props {
  header: ReactNode;
  /** The pane on the left; `undefined` where the open page takes all of it. */
  lists: ReactNode | undefined;
  /** The notices where the lists are not shown: between the header and the panes. */
  notices: ReactNode;
  sessionId: string | undefined;
  /** The open page: `main`, and `aside` on its right. */
  children: ReactNode;
}

/** The width at which there is room for one pane only: Mantine's breakpoint sm. */
export const ONE_PANE = '(max-width: 48em)';

/**
 * The panes: lists, dialog and information side by side; where there is not the room, one at a
 * time. The page itself never scrolls.
 */
export function Layout({ header, lists, notices, sessionId, children }: Props) {
  const text = useText();
  return (
    <div className={styles.page}>
      <header className={styles.header}>{header}</header>
      <ConnectionBar />
      {notices}
      <div className={styles.panes} data-open={sessionId !== undefined || lists === undefined}>
        {lists !== undefined && (
          <nav className={styles.lists} aria-label={text('desk.lists')}>
            {lists}
          </nav>
        )}
        <div className={styles.open}>{children}</div>
      </div>
    </div>
  );
}
