import { Text, UnstyledButton } from '@mantine/core';
import type { Quote } from '../composer/outbox';
import { cut } from '../composer/written';
import { useText } from '../language/language';
import styles from './EntryRow.module.css';

interface Props {
  quote: Quote;
  jump: ((seq: number) => void) | undefined;
}

/** The quoted message. A click goes to it. */
export function QuoteBlock({ quote, jump }: Props) {
  const text = useText();
  return (
    <UnstyledButton
      className={styles.quote ?? ''}
      disabled={jump === undefined}
      aria-label={text('dialog.quoted', { name: quote.author, text: cut(quote.text, 100) })}
      onClick={() => jump?.(quote.seq)}
    >
      <Text size="xs" fw={600} component="bdi">
        {quote.author}
      </Text>
      <Text size="sm" lineClamp={2} dir="auto">
        {quote.text}
      </Text>
    </UnstyledButton>
  );
}
