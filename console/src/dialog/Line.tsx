import { memo } from 'react';
import { OutgoingRow } from '../composer/OutgoingRow';
import type { Outbox, Outgoing } from '../composer/outbox';
import { DayDivider, NewDivider, SessionDivider, Start } from './Dividers';
import { EntryRow, type EntryActs } from './EntryRow';
import { EventRow } from './EventRow';
import type { Row } from './rows';

interface Props {
  row: Row;
  acts: EntryActs;
  outbox: Outbox;
  edit: (outgoing: Outgoing) => void;
}

/** One line of a dialog, whatever it is. */
export const Line = memo(function Line({ row, acts, outbox, edit }: Props) {
  switch (row.kind) {
    case 'start':
      return <Start />;
    case 'day':
      return <DayDivider at={row.at} />;
    case 'session':
      return <SessionDivider session={row.session} />;
    case 'new':
      return <NewDivider />;
    case 'outgoing':
      return <OutgoingRow outgoing={row.outgoing} leads={row.leads} outbox={outbox} edit={edit} />;
    case 'entry':
      return row.entry.kind === 'EVENT' ? (
        <EventRow entry={row.entry} jump={acts.jump} />
      ) : (
        <EntryRow
          entry={row.entry}
          leads={row.leads}
          isMine={row.isMine}
          amendment={row.amendment}
          acts={acts}
        />
      );
  }
});
