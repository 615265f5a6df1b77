import { Button, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useText } from '../language/language';
import { useAlerting } from './alerting';
import styles from './AlertStrip.module.css';
import { useAlertSettings } from './settings';

/** A line that offers desktop notifications. The browser asks after the click, not before. */
export function Offer() {
  const text = useText();
  const { offer } = useAlerting();
  const isMade = useSyncExternalStore(offer.subscribe, offer.get);
  const { isUndecided, setDesktop } = useAlertSettings();
  if (!isMade || !isUndecided) return null;
  return (
    <section className={styles.offer} aria-label={text('alert.desktop')}>
      <Text size="sm">{text('alert.offer')}</Text>
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => {
          offer.close();
          void setDesktop(true);
        }}
      >
        {text('alert.turnOn')}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          offer.close();
        }}
      >
        {text('alert.notNow')}
      </Button>
    </section>
  );
}
