import { Button, CloseButton, Text } from '@mantine/core';
import { useRef, useState, type FocusEvent } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';
import { useAlerting, useAlertTitle, useStandingAlerts } from './alerting';
import styles from './AlertStrip.module.css';
import { MoreAlerts } from './MoreAlerts';
import { Offer } from './Offer';
import type { StandingAlert } from './standing';

/** The place of alerts in the page: the newest one, and a count of the others. It covers nothing. */
export function AlertStrip() {
  const { standing } = useStandingAlerts();
  const [newest] = standing;
  return (
    <>
      {newest !== undefined && <Strip standing={standing} newest={newest} />}
      <Offer />
    </>
  );
}

interface StripProps {
  standing: readonly StandingAlert[];
  newest: StandingAlert;
}

function Strip({ standing, newest }: StripProps) {
  const text = useText();
  const titleOf = useAlertTitle();
  const [, navigate] = useLocation();
  const { alerts } = useAlerting();
  const [shown, holders] = useShown(standing, newest);
  const others = standing.filter(({ sessionId }) => sessionId !== shown.sessionId);
  return (
    <section className={styles.strip} aria-label={text('alert.title')} {...holders}>
      <div className={styles.head}>
        <Text size="xs" c="dimmed" truncate className={styles.title ?? ''}>
          {titleOf(shown)}
        </Text>
        <CloseButton
          size="sm"
          aria-label={text('alert.dismiss')}
          onClick={() => {
            alerts.drop(shown.sessionId);
          }}
        />
      </div>
      <Text size="sm" fw={600} truncate dir="auto" className={styles.name ?? ''}>
        {shown.name}
      </Text>
      <Text size="sm" c="dimmed" truncate dir="auto" className={styles.says ?? ''}>
        {shown.says}
      </Text>
      <div className={styles.acts}>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            navigate(sessionPath(shown.sessionId));
          }}
        >
          {text('alert.open')}
        </Button>
        {others.length > 0 && <MoreAlerts others={others} />}
      </div>
    </section>
  );
}

/**
 * Gives the alert to show: the newest, but none takes the place of the one that somebody is about
 * to click.
 */
function useShown(standing: readonly StandingAlert[], newest: StandingAlert) {
  const [heldId, setHeldId] = useState<string>();
  const reasons = useRef({ pointer: false, focus: false });
  const held = standing.find(({ sessionId }) => sessionId === heldId);
  const shown = held ?? newest;
  const change = (reason: Partial<typeof reasons.current>) => {
    Object.assign(reasons.current, reason);
    const { pointer, focus } = reasons.current;
    setHeldId(pointer || focus ? shown.sessionId : undefined);
  };
  const holders = {
    onPointerEnter: () => {
      change({ pointer: true });
    },
    onPointerLeave: () => {
      change({ pointer: false });
    },
    onFocus: ({ target }: FocusEvent) => {
      // A click leaves the focus behind, and says nothing of what comes next.
      change({ focus: target.matches(':focus-visible') });
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!currentTarget.contains(relatedTarget)) change({ focus: false });
    },
  };
  return [shown, holders] as const;
}
