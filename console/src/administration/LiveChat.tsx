import { useQuery } from '@apollo/client/react';
import { Stack, Tabs, Text, Title } from '@mantine/core';
import { Fault } from '../error/Fault';
import type { AdministeredLiveChatQuery } from '../generated/graphql';
import { useText } from '../language/language';
import type { Company } from './Administration';
import { Channels } from './Channels';
import { LIVE_CHAT } from './documents';
import { General } from './General';
import { LiveChatApps } from './LiveChatApps';
import { Members } from './Members';
import { Templates } from './Templates';
import { Widget } from './Widget';

export type Administered = Extract<
  NonNullable<AdministeredLiveChatQuery['node']>,
  { __typename: 'LiveChat' }
>;

interface Props {
  id: string;
  company: Company;
  reread: () => void;
}

/** Shows the settings of a live chat in tabs. */
export function LiveChat({ id, company, reread }: Props) {
  const text = useText();
  const { data, error, loading, refetch } = useQuery(LIVE_CHAT, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const found = data?.node;
  if (found?.__typename !== 'LiveChat') {
    if (error !== undefined) return <Fault error={error} retry={refetch} />;
    return <Text c="dimmed">{text(loading ? 'administration.loading' : 'error.notFound')}</Text>;
  }
  const again = () => void refetch();
  return (
    <Stack>
      <Title order={2} size="h4">
        <bdi>{found.name}</bdi>
      </Title>
      <Tabs defaultValue="general" keepMounted={false}>
        <Tabs.List mb="md">
          {(['general', 'members', 'channels', 'templates', 'apps', 'widget'] as const).map(
            (tab) => (
              <Tabs.Tab key={tab} value={tab}>
                {text(`administration.${tab}`)}
              </Tabs.Tab>
            ),
          )}
        </Tabs.List>
        <Tabs.Panel value="general">
          <General liveChat={found} reread={reread} />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <Members liveChat={found} />
        </Tabs.Panel>
        <Tabs.Panel value="channels">
          <Channels liveChat={found} reread={again} />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <Templates liveChat={found} reread={again} />
        </Tabs.Panel>
        <Tabs.Panel value="apps">
          <LiveChatApps liveChat={found} company={company} />
        </Tabs.Panel>
        <Tabs.Panel value="widget">
          <Widget liveChat={found} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
