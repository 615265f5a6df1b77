import { Alert, Badge, Button, Card, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useConfig } from '../app/service';
import { ChannelIcon } from '../channel/ChannelIcon';
import { useAct } from '../error/useAct';
import type { RotateChannelSecretMutation, UpdateChannelMutation } from '../generated/graphql';
import { useText } from '../language/language';
import { ChannelForm } from './ChannelForm';
import { Confirm } from './Confirm';
import { CopyField } from './CopyField';
import { ROTATE_SECRET, UPDATE_CHANNEL } from './documents';
import type { Administered } from './LiveChat';

export type Channel = Administered['channels'][number];

const updated = (data: UpdateChannelMutation) => data.updateChannel;
const rotated = (data: RotateChannelSecretMutation) => data.rotateChannelSecret;

/** Lists the channels of a live chat, and connects further ones. */
export function Channels({ liveChat, reread }: { liveChat: Administered; reread: () => void }) {
  const text = useText();
  const channels = liveChat.channels.toSorted((one, other) => one.name.localeCompare(other.name));
  return (
    <Stack maw={720}>
      {channels.map((channel) => (
        <ChannelCard key={channel.id} channel={channel} />
      ))}
      <Text fw={600} mt="md">
        {text('administration.connect')}
      </Text>
      <ChannelForm liveChatId={liveChat.id} reread={reread} />
    </Stack>
  );
}

function ChannelCard({ channel }: { channel: Channel }) {
  const text = useText();
  const { httpUrl } = useConfig();
  const { id, kind, name, isEnabled, canReply, address, inboundPath, problem } = channel;
  return (
    <Card withBorder component="article" aria-label={name} padding="sm">
      <Group justify="space-between">
        <Group gap="xs">
          <ChannelIcon channel={channel} />
          <bdi>{name}</bdi>
          {address !== null && (
            <Text size="sm" c="dimmed" dir="auto">
              {address}
            </Text>
          )}
          <Badge variant="light" color={isEnabled ? 'green' : 'gray'}>
            {text(isEnabled ? 'administration.enabled' : 'administration.disabled')}
          </Badge>
          {isEnabled && !canReply && (
            <Badge variant="light" color="orange">
              {text('administration.noWayOut')}
            </Badge>
          )}
        </Group>
        <Group gap="xs">
          {kind === 'WEBHOOK' && <Rotate channelId={id} />}
          <Switch channel={channel} />
        </Group>
      </Group>
      {problem && (
        <Alert color="red" variant="light" mt="xs" title={text('administration.problem')}>
          <span dir="auto">{problem.message}</span>
        </Alert>
      )}
      {inboundPath !== null && kind !== 'TELEGRAM' && (
        <CopyField
          label={text('administration.inbound')}
          value={new URL(inboundPath, httpUrl).href}
        />
      )}
    </Card>
  );
}

/** Enables a channel, or disables it after a confirmation. */
function Switch({ channel: { id: channelId, name, isEnabled } }: { channel: Channel }) {
  const text = useText();
  const [update, updating] = useAct(UPDATE_CHANNEL, updated);
  const [asks, setAsks] = useState(false);
  const close = () => {
    setAsks(false);
  };
  if (!isEnabled) {
    return (
      <Button
        size="compact-sm"
        variant="light"
        loading={updating}
        aria-label={text('administration.enableChannel', { name })}
        onClick={() => void update({ channelId, isEnabled: true })}
      >
        {text('administration.enable')}
      </Button>
    );
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        aria-label={text('administration.disableChannel', { name })}
        onClick={() => {
          setAsks(true);
        }}
      >
        {text('administration.disable')}
      </Button>
      <Confirm
        opened={asks}
        title={text('administration.disableChannel', { name })}
        hint={text('administration.disableHint')}
        act={text('administration.disable')}
        isBusy={updating}
        run={() => void update({ channelId, isEnabled: false }).then(close)}
        close={close}
      />
    </>
  );
}

/** Issues a new secret and shows it. The earlier secret stays valid for a day. */
function Rotate({ channelId }: { channelId: string }) {
  const text = useText();
  const [rotate, rotating] = useAct(ROTATE_SECRET, rotated);
  const [secret, setSecret] = useState<string>();
  const run = async () => {
    const done = await rotate({ channelId });
    if (done?.secret != null) setSecret(done.secret);
  };
  return (
    <>
      <Button size="compact-sm" variant="subtle" loading={rotating} onClick={() => void run()}>
        {text('administration.rotate')}
      </Button>
      <Modal
        opened={secret !== undefined}
        onClose={() => {
          setSecret(undefined);
        }}
        title={text('administration.newSecret')}
      >
        <Text size="sm">{text('administration.secretHint')}</Text>
        <CopyField label={text('administration.secret')} value={secret ?? ''} />
      </Modal>
    </>
  );
}
