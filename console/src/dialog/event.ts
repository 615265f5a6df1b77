import type { Said } from '../error/refusal';
import type { Entry } from './rows';

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
    default:
      return undefined;
  }
}
