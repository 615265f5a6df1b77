import { isolate } from '../language/isolate';
import { useText } from '../language/language';
import styles from './TypingLine.module.css';
import type { Typist } from './typing';

/** The people who are typing. The line keeps its place, so that nothing moves. */
export function TypingLine({ typists }: { typists: readonly Typist[] }) {
  const text = useText();
  const names = typists.map(({ name }) => isolate(name));
  return (
    <div className={styles.line} aria-live="off">
      {names.length > 0 && (
        <>
          <span className={styles.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span className={styles.names}>
            {text('dialog.typing', { count: names.length, names: names.join(', ') })}
          </span>
        </>
      )}
    </div>
  );
}
