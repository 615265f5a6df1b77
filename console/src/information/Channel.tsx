import { Group, Text } from '@mantine/core';
import { useIntl } from 'react-intl';
import { ChannelIcon } from '../channel/ChannelIcon';
import type { Information_SessionFragment as SessionFacts } from '../generated/graphql';
import { useText } from '../language/language';
import { Field } from './Field';

interface Props {
  channel: SessionFacts['channel'];
  isAdministrator: boolean;
}

/** The channel of the session, what clients write to, and for administrators why it does not work. */
export function Channel({ channel, isAdministrator }: Props) {
  const text = useText();
  const { name, address, isEnabled, problem } = channel;
  return (
    <Field label={text('information.channel')}>
      <Group gap={6} wrap="nowrap">
        <ChannelIcon channel={channel} />
        <Text size="sm" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          <bdi>{name}</bdi>
        </Text>
      </Group>
      {address && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{address}</bdi>
        </Text>
      )}
      {isAdministrator && !isEnabled && (
        <Text size="xs" c="dimmed">
          {text('information.channelDisabled')}
        </Text>
      )}
      {isAdministrator && problem && <Problem problem={problem} />}
    </Field>
  );
}

function Problem({ problem }: { problem: NonNullable<Props['channel']['problem']> }) {
  const text = useText();
  const intl = useIntl();
  const since = intl.formatDate(problem.since, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      <span>{text('information.channelProblem', { since })}</span>{' '}
      <span dir="auto" lang="en">
        {problem.message}
      </span>
    </Text>
  );
}
