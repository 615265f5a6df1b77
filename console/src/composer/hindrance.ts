import type { Composer_SessionFragment as SessionFacts } from '../generated/graphql';

/** Why the viewer cannot answer the client. */
export type Hindrance =
  /** The channel takes no replies. */
  | { is: 'noWayOut'; channel: string }
  /** The messenger takes none before the client writes again. */
  | { is: 'late'; channel: SessionFacts['channel'] }
  /** Another operator has the session. */
  | { is: 'taken'; name: string }
  /** Nobody has it, and the viewer is no operator. */
  | { is: 'queued' };

type Facts = Pick<SessionFacts, 'channel' | 'operator' | 'viewerCanReply'>;

/**
 * Returns what hinders the viewer from answering. What lies with the channel hinders everybody, so it
 * is named first.
 */
export function hindranceOf(facts: Facts, isLate: boolean): Hindrance | undefined {
  const { channel, operator, viewerCanReply } = facts;
  if (!channel.canReply) return { is: 'noWayOut', channel: channel.name };
  if (isLate) return { is: 'late', channel };
  if (viewerCanReply) return undefined;
  return operator == null ? { is: 'queued' } : { is: 'taken', name: operator.name };
}
