import { Mark } from '@mantine/core';
import type { Part } from './hit';

/** A text with what matches marked in it. */
export function Parts({ parts }: { parts: readonly Part[] }) {
  return (
    <bdi>
      {parts.map(({ text, isMatch }, index) =>
        // The parts of a text do not move.
        isMatch ? <Mark key={index}>{text}</Mark> : <span key={index}>{text}</span>,
      )}
    </bdi>
  );
}
