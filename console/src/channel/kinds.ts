import type { ChannelKind } from '../generated/graphql';
import type { IconName } from '../icon/Icon';
import type { MessageKey } from '../language/catalogue';

/** The icon and the name of a kind of channels. */
export interface KnownKind {
  icon: IconName;
  name: MessageKey;
}

const KINDS: Record<ChannelKind, KnownKind> = {
  WEB: { icon: 'globe', name: 'channel.web' },
  INTERNAL: { icon: 'building', name: 'channel.internal' },
  WEBHOOK: { icon: 'plug', name: 'channel.webhook' },
  TELEGRAM: { icon: 'plane', name: 'channel.telegram' },
  WHATSAPP: { icon: 'receiver', name: 'channel.whatsApp' },
};

const OTHER: KnownKind = { icon: 'bubble', name: 'channel.other' };

/** Returns what is known of a kind. Kinds that are not known yet have an icon and a name too. */
export function knownKind(kind: string): KnownKind {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind as ChannelKind] : OTHER;
}
