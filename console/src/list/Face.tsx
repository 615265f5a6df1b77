import styles from './Face.module.css';
import { hueOf, initialsOf } from './initials';

const COLORS = ['blue', 'green', 'orange', 'red', 'teal', 'yellow'] as const;

/** The initials of a name in a colour of its own, so that one finds it again at a glance. */
export function Face({ name }: { name: string }) {
  const color = COLORS[hueOf(name, COLORS.length)] ?? 'blue';
  return (
    <span
      aria-hidden
      className={styles.face}
      style={{
        background: `var(--mantine-color-${color}-light)`,
        color: `var(--mantine-color-${color}-light-color)`,
      }}
    >
      {initialsOf(name)}
    </span>
  );
}
