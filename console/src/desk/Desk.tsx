import { Center, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Route, Switch, useRoute } from 'wouter';
import { ADMINISTRATION } from '../administration/path';
import { AlertProvider } from '../alert/AlertProvider';
import { Left } from '../composer/Left';
import { FeedProvider } from '../feed/FeedProvider';
import { useText } from '../language/language';
import { ListProvider } from '../list/ListProvider';
import { Search } from '../search/Search';
import { SESSION_ROUTE, sessionIdOf } from '../session/path';
import { SessionPage } from '../session/SessionPage';
import { ShortcutProvider } from '../shortcut/ShortcutProvider';
import { DeskLists } from './DeskLists';
import { DeskProvider, useViewer } from './DeskProvider';
import { Header } from './Header';
import { Layout, ONE_PANE } from './Layout';
import { Notices } from './Notices';

// Few are administrators: others never load it.
const Administration = lazy(() => import('../administration/Administration'));

/** The page of an operator or supervisor. */
export function Desk() {
  return (
    <FeedProvider>
      <ShortcutProvider>
        <ListProvider>
          <DeskProvider>
            <AlertProvider>
              <Panes />
            </AlertProvider>
            <LeftBehind />
          </DeskProvider>
        </ListProvider>
      </ShortcutProvider>
    </FeedProvider>
  );
}

function LeftBehind() {
  const viewer = useViewer();
  return viewer === undefined ? null : <Left personId={viewer.employee.id} />;
}

function Panes() {
  const [, params] = useRoute(SESSION_ROUTE);
  const sessionId = params === null ? undefined : sessionIdOf(params.id);
  const [informationShown, setInformationShown] = useState(false);
  const isNarrow = useMediaQuery(ONE_PANE, false, { getInitialValueInEffect: false });
  const isAdministrator = useViewer()?.isAdministrator === true;
  const [isAdministration] = useRoute(`${ADMINISTRATION}/*?`);
  // Above the queue nothing that one clicks moves when a notice comes.
  const isListShown = !isNarrow || sessionId === undefined;
  return (
    <Layout
      sessionId={sessionId}
      header={
        <Header
          search={<Search />}
          sessionId={sessionId}
          informationShown={informationShown}
          setInformationShown={setInformationShown}
        />
      }
      lists={isAdministration ? undefined : <DeskLists notices={isListShown && <Notices />} />}
      notices={(isAdministration || !isListShown) && <Notices />}
    >
      <Switch>
        <Route path={SESSION_ROUTE}>
          {sessionId !== undefined && (
            <SessionPage
              key={sessionId}
              sessionId={sessionId}
              informationShown={informationShown}
            />
          )}
        </Route>
        {isAdministrator && (
          <Route path={`${ADMINISTRATION}/*?`}>
            <Suspense>
              <Administration />
            </Suspense>
          </Route>
        )}
        <Route path="/">
          <Empty text="desk.choose" />
        </Route>
        <Route>
          <Empty text="desk.nothing" />
        </Route>
      </Switch>
    </Layout>
  );
}

function Empty({ text: key }: { text: 'desk.choose' | 'desk.nothing' }): ReactNode {
  const text = useText();
  return (
    <Center component="main" h="100%" p="xl">
      <Text c="dimmed">{text(key)}</Text>
    </Center>
  );
}
