import type { Said } from '../error/refusal';
import type { Entry } from './rows';

/** A client's later act on a message of theirs. */
export type Amendment = 'edited' | 'deleted';

/** Finds the amended messages among entries by their numbers. A deleted one stays deleted. */
export function amendmentsIn(entries: readonly Entry[]): Map<number, Amendment> {
  const amendments = new Map<number, Amendment>();
  for (const { event } of entries) {
    const seq = event?.aboutSeq ?? undefined;
    if (seq === undefined) continue;
    if (event?.kind === 'DELETED') amendments.set(seq, 'deleted');
    else if (event?.kind === 'EDITED' && !amendments.has(seq)) amendments.set(seq, 'edited');
  }
  return amendments;
}

/** Returns the text for an event, or `undefined` for a kind that this page does not know. */
export function sayEvent({ event, author }: Pick<Entry, 'event' | 'author'>): Said | undefined {
  if (!event) return undefined;
  const values = {
    who: author.name,
    from: event.from?.name ?? '',
    to: event.to?.name ?? '',
    name: event.name ?? '',
    item: event.item?.title ?? '',
    app: event.item?.app.name ?? '',
  };
  switch (event.kind as string) {
    case 'CLAIMED':
      return { key: 'dialog.event.claimed', values };
    case 'ASSIGNED':
      return { key: event.from ? 'dialog.event.handed' : 'dialog.event.assigned', values };
    case 'RETURNED':
      return { key: 'dialog.event.returned', values };
    case 'RENAMED':
      return { key: 'dialog.event.renamed', values };
    case 'BOUND':
      return { key: event.item ? 'dialog.event.bound' : 'dialog.event.boundUnknown', values };
    case 'UNBOUND':
      return { key: event.item ? 'dialog.event.unbound' : 'dialog.event.unboundUnknown', values };
    case 'CLOSED':
      return { key: 'dialog.event.closed', values };
    case 'EDITED':
      return { key: 'dialog.event.edited', values };
    case 'DELETED':
      return { key: 'dialog.event.deleted', values };
    case 'BLOCKED':
      return { key: 'dialog.event.blocked', values };
    case 'UNBLOCKED':
      return { key: 'dialog.event.unblocked', values };
    default:
      return undefined;
  }
}
