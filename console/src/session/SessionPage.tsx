import { useQuery } from '@apollo/client/react';
import { Center, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../dialog/Dialog';
import { DialogSkeleton } from '../dialog/DialogSkeleton';
import { Fault } from '../error/Fault';
import { useReread } from '../feed/feeds';
import { graphql } from '../generated';
import { Information } from '../information/Information';
import { useText } from '../language/language';
import styles from './SessionPage.module.css';
import { useGone } from './useGone';

/** All that an open session shows at first, in one request. */
const SESSION = graphql(`
  query Session($id: ID!) {
    viewer {
      id
      ...Dialog_viewer
      session(id: $id) {
        id
        ...Dialog_session
        ...Information_session
      }
      ...Information_viewer
    }
  }
`);

/** An open session: its dialog, and on the right what is known of it. */
export function SessionPage({
  sessionId,
  informationShown,
}: {
  sessionId: string;
  informationShown: boolean;
}) {
  const text = useText();
  const { data, error, loading, refetch } = useQuery(SESSION, {
    variables: { id: sessionId },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    // A new reading is joined to the earlier ones: no older page is lost.
    refetchWritePolicy: 'merge',
  });
  useReread(refetch);
  const found = data?.viewer.session;
  const [seen, setSeen] = useState(found);
  if (found && found !== seen) setSeen(found);
  // A reading can show that a session is gone before its removal is pushed: what was written for it stays in sight.
  const isLost = found === null && !loading && seen?.id === sessionId;
  const pushed = useGone(sessionId);
  const sight = isLost ? { ...pushed, gone: pushed.gone ?? { by: undefined } } : pushed;
  const session = isLost ? seen : found;
  if (session && data) {
    return (
      <>
        <main className={styles.dialog} data-covered={informationShown && sight.gone === undefined}>
          <Dialog session={session} viewer={data.viewer} sight={sight} isKept={loading} />
        </main>
        {/* What is known of it may be otherwise by now. */}
        {sight.gone === undefined && (
          <aside
            className={styles.information}
            data-shown={informationShown}
            aria-label={text('desk.information')}
          >
            <Information session={session} viewer={data.viewer} />
          </aside>
        )}
      </>
    );
  }
  return (
    <main>
      {/* That it was not there some time ago is no answer. */}
      {session === null && !loading && <Nothing />}
      {session === null && loading && <DialogSkeleton />}
      {session === undefined &&
        (error === undefined ? <DialogSkeleton /> : <Fault error={error} retry={refetch} />)}
    </main>
  );
}

function Nothing() {
  const text = useText();
  return (
    <Center h="100%">
      <Text c="dimmed">{text('error.notFound')}</Text>
    </Center>
  );
}
