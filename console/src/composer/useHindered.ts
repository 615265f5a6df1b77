import { useCallback } from 'react';
import { knownKind } from '../channel/kinds';
import { useText } from '../language/language';
import type { Hindrance } from './hindrance';

/** The acts that the viewer has instead of an answer: add a note, add the draft as one, claim. */
export type Instead = 'notes' | 'turned' | 'claim';

const NO_WAY_OUT = {
  notes: 'composer.noWayOut',
  turned: 'composer.turnedNoWayOut',
  claim: 'composer.noWayOutQueued',
} as const;

const LATE = {
  notes: 'composer.lateNotes',
  turned: 'composer.turnedLate',
  claim: 'composer.lateQueued',
} as const;

/** Gives the words for what hinders the viewer from answering. */
export function useHindered(): (hindrance: Hindrance, instead: Instead) => string {
  const text = useText();
  return useCallback(
    (hindrance, instead) => {
      const isTurned = instead === 'turned';
      switch (hindrance.is) {
        case 'noWayOut':
          return text(NO_WAY_OUT[instead], { channel: hindrance.channel });
        case 'late': {
          const { kind, name } = hindrance.channel;
          const why =
            kind === 'WHATSAPP'
              ? text('composer.lateDay', { kind: text(knownKind(kind).name) })
              : text('composer.late', { channel: name });
          return text(LATE[instead], { why });
        }
        case 'taken': {
          const key = isTurned ? 'composer.turned' : 'composer.onlyNotes';
          return text(key, { name: hindrance.name });
        }
        case 'queued':
          return text(isTurned ? 'composer.turnedQueued' : 'composer.onlyNotesQueued');
      }
    },
    [text],
  );
}
