import { useQuery } from '@apollo/client/react';
import { Button, NavLink, Stack, Text, Title } from '@mantine/core';
import { Link, Route, Switch, useLocation } from 'wouter';
import { Fault } from '../error/Fault';
import { useAct } from '../error/useAct';
import type { CompanyQuery, CreateLiveChatMutation } from '../generated/graphql';
import { useText } from '../language/language';
import styles from './Administration.module.css';
import { Apps } from './Apps';
import { COMPANY, CREATE_LIVE_CHAT } from './documents';
import { LiveChat } from './LiveChat';
import { NewName } from './NewName';
import { ADMINISTRATION, APPS, liveChatPath } from './path';

export type Company = CompanyQuery['administration'];

const created = (data: CreateLiveChatMutation) => data.createLiveChat;

/** Shows the pages on which administrators set up live chats, channels and apps. */
export default function Administration() {
  const text = useText();
  const { data, error, refetch } = useQuery(COMPANY, { fetchPolicy: 'cache-and-network' });
  const company = data?.administration;
  if (company === undefined) {
    return (
      <main className={styles.page}>
        {error === undefined ? (
          <Text c="dimmed">{text('administration.loading')}</Text>
        ) : (
          <Fault error={error} retry={refetch} />
        )}
      </main>
    );
  }
  return <Shown company={company} reread={() => void refetch()} />;
}

interface Props {
  company: Company;
  /** Reads the live chats and apps again, after a change. */
  reread: () => void;
}

function Shown({ company, reread }: Props) {
  const text = useText();
  const [location] = useLocation();
  return (
    <main className={styles.page}>
      <nav className={styles.nav} aria-label={text('administration.title')}>
        <Title order={1} size="h4" px="sm">
          {text('administration.title')}
        </Title>
        <Text size="sm" c="dimmed" px="sm" mt="md">
          {text('administration.liveChats')}
        </Text>
        {company.liveChats.nodes.map(({ id, name }) => (
          <NavLink
            key={id}
            component={Link}
            href={liveChatPath(id)}
            active={location === liveChatPath(id)}
            label={<bdi>{name}</bdi>}
          />
        ))}
        <NavLink
          component={Link}
          href={ADMINISTRATION}
          active={location === ADMINISTRATION}
          label={text('administration.newLiveChat')}
        />
        <Text size="sm" c="dimmed" px="sm" mt="md">
          {text('administration.records')}
        </Text>
        <NavLink
          component={Link}
          href={APPS}
          active={location === APPS}
          label={text('administration.apps')}
        />
        <Button component={Link} href="/" variant="subtle" color="gray" mt="lg">
          {text('administration.toDesk')}
        </Button>
      </nav>
      <div className={styles.content}>
        <Switch>
          <Route path={APPS}>
            <Apps company={company} reread={reread} />
          </Route>
          <Route path={`${ADMINISTRATION}/live-chats/:id`}>
            {({ id }) => (
              <LiveChat key={id} id={decodeURIComponent(id)} company={company} reread={reread} />
            )}
          </Route>
          <Route>
            <NewLiveChat isFirst={company.liveChats.nodes.length === 0} reread={reread} />
          </Route>
        </Switch>
      </div>
    </main>
  );
}

/** Creates a live chat, and tells a company without one which steps follow. */
function NewLiveChat({ isFirst, reread }: { isFirst: boolean; reread: () => void }) {
  const text = useText();
  const [, navigate] = useLocation();
  const [create] = useAct(CREATE_LIVE_CHAT, created);
  return (
    <Stack maw={480}>
      <Title order={2} size="h4">
        {text(isFirst ? 'administration.firstLiveChat' : 'administration.newLiveChat')}
      </Title>
      <Text>{text('administration.newLiveChatHint')}</Text>
      <NewName
        label={text('administration.name')}
        button={text('administration.create')}
        create={async (name, key) => {
          const done = await create({ name, key });
          if (done?.liveChat == null) return false;
          reread();
          navigate(liveChatPath(done.liveChat.id));
          return true;
        }}
      />
    </Stack>
  );
}
