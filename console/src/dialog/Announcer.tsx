import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { cut } from '../composer/written';
import { isolate } from '../language/isolate';
import { useText } from '../language/language';
import { newlyFailed, sayFailure } from './delivery';
import { isNew, type Entry } from './rows';

const LONGEST = 300;

interface Props {
  entries: readonly Entry[];
  myId: string;
  /** True if the messenger takes no answer before the client writes again. */
  isLate: boolean;
}

/** Says what comes or fails while the dialog is open, and nothing that comes by scrolling. */
export function Announcer({ entries, myId, isLate }: Props) {
  const text = useText();
  const last = entries.at(-1)?.seq ?? 0;
  const [known, setKnown] = useState(last);
  const [before, setBefore] = useState(entries);
  const [said, setSaid] = useState('');
  const sayFailed = ({ delivery }: Entry) => {
    const { reason, detail } = sayFailure(delivery?.error ?? null, isLate);
    return text('dialog.notDelivered', { reason: reason ? text(reason) : (detail ?? '') });
  };
  if (before !== entries) {
    const news = entries.filter((entry) => entry.seq > known && isNew(entry, myId));
    const failed = newlyFailed(before, entries);
    setKnown(Math.max(known, last));
    setBefore(entries);
    if (news.length + failed.length > 0) {
      setSaid([...news.map(say), ...failed.map(sayFailed)].join('\n'));
    }
  }
  return (
    <VisuallyHidden aria-live="polite" role="status">
      {said}
    </VisuallyHidden>
  );
}

function say({ author, text }: Entry): string {
  return `${isolate(author.name)}: ${cut(text, LONGEST)}`;
}
