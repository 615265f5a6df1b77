import { Anchor, Checkbox, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useAct } from '../error/useAct';
import type { SetLiveChatAppsMutation } from '../generated/graphql';
import { useText } from '../language/language';
import type { Company } from './Administration';
import { SET_APPS } from './documents';
import type { Administered } from './LiveChat';
import { APPS } from './path';

const payloadOf = (data: SetLiveChatAppsMutation) => data.setLiveChatApps;

/** Chooses the apps to whose items the sessions of a live chat can be bound. */
export function LiveChatApps({ liveChat, company }: { liveChat: Administered; company: Company }) {
  const text = useText();
  const [set, setting] = useAct(SET_APPS, payloadOf);
  const named = liveChat.apps.map(({ id }) => id);
  const apps = company.apps.toSorted((one, other) => one.name.localeCompare(other.name));
  return (
    <Stack maw={480}>
      <Text>{text('administration.liveChatAppsHint')}</Text>
      {apps.map(({ id, name }) => {
        const has = named.includes(id);
        return (
          <Checkbox
            key={id}
            label={<bdi>{name}</bdi>}
            checked={has}
            disabled={setting}
            onChange={() => {
              const appIds = has ? named.filter((one) => one !== id) : [...named, id];
              void set({ liveChatId: liveChat.id, appIds });
            }}
          />
        );
      })}
      <Anchor component={Link} href={APPS}>
        {text('administration.allApps')}
      </Anchor>
    </Stack>
  );
}
