import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { cut } from '../composer/written';
import { isolate } from '../language/isolate';
import { isNew, type Entry } from './rows';

const LONGEST = 300;

/** Says what comes while the dialog is open, and nothing that comes by scrolling. */
export function Announcer({ entries, myId }: { entries: readonly Entry[]; myId: string }) {
  const last = entries.at(-1)?.seq ?? 0;
  const [known, setKnown] = useState(last);
  const [said, setSaid] = useState('');
  if (last > known) {
    const news = entries.filter((entry) => entry.seq > known && isNew(entry, myId));
    setKnown(last);
    if (news.length > 0) setSaid(news.map(say).join('\n'));
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
