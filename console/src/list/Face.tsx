import type { CSSProperties } from 'react';
import styles from './Face.module.css';
import { hueOf, initialsOf } from './initials';

// Those whose darkest shade is read on their lightest.
const COLORS = ['blue', 'cyan', 'grape', 'indigo', 'pink', 'red', 'violet'] as const;

/** The initials of a name in a colour of its own, so that one finds it again at a glance. */
export function Face({ name }: { name: string }) {
  const color = COLORS[hueOf(name, COLORS.length)] ?? 'blue';
  const shades = {
    '--face-dark': `var(--mantine-color-${color}-9)`,
    '--face-light': `var(--mantine-color-${color}-1)`,
  };
  return (
    <span aria-hidden className={styles.face} style={shades as CSSProperties}>
      {initialsOf(name)}
    </span>
  );
}
