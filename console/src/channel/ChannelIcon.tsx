import type { ChannelKind } from '../generated/graphql';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { knownKind } from './kinds';

/** By which channel something came or goes out: an icon with an accessible name. */
export function ChannelIcon({ channel }: { channel: { kind: ChannelKind; name: string } }) {
  const text = useText();
  const { icon, name } = knownKind(channel.kind);
  const kind = text(name);
  const label = channel.name === kind ? kind : text('channel.named', { kind, name: channel.name });
  return (
    <span role="img" aria-label={label} title={label} style={{ display: 'inline-flex' }}>
      <Icon name={icon} size={16} />
    </span>
  );
}
