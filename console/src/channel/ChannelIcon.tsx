import type { ChannelKind } from '../generated/graphql';
import type { MessageKey } from '../language/catalogue';
import { useText } from '../language/language';
import { Icon, type IconName } from '../icon/Icon';

interface Known {
  icon: IconName;
  name: MessageKey;
}

const KINDS: Record<ChannelKind, Known> = {
  WEB: { icon: 'globe', name: 'channel.web' },
  INTERNAL: { icon: 'building', name: 'channel.internal' },
  WEBHOOK: { icon: 'plug', name: 'channel.webhook' },
  TELEGRAM: { icon: 'plane', name: 'channel.telegram' },
};

const OTHER: Known = { icon: 'bubble', name: 'channel.other' };

/** By which channel something came or goes out: an icon with an accessible name. */
export function ChannelIcon({ channel }: { channel: { kind: ChannelKind; name: string } }) {
  const text = useText();
  // Kinds that are not known yet have an icon too.
  const { icon, name } = (KINDS as Partial<Record<string, Known>>)[channel.kind] ?? OTHER;
  const kind = text(name);
  const label = channel.name === kind ? kind : text('channel.named', { kind, name: channel.name });
  return (
    <span role="img" aria-label={label} title={label} style={{ display: 'inline-flex' }}>
      <Icon name={icon} size={16} />
    </span>
  );
}
