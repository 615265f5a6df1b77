import { Skeleton } from '@mantine/core';
import styles from './SessionRow.module.css';

/** Stands where a session will. */
export function SessionSkeleton() {
  return (
    <div className={styles.row} aria-hidden>
      <Skeleton circle h={36} w={36} flex="none" />
      <div className={styles.body}>
        <Skeleton h={10} w="45%" my={5} radius="xl" />
        <Skeleton h={10} w="80%" mt={9} radius="xl" />
      </div>
    </div>
  );
}
