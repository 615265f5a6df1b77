import { Notifications } from '@mantine/notifications';
import { AlertStrip } from '../alert/AlertStrip';
import styles from './Notices.module.css';

/** The place of all that the page says by itself. It stands in the flow, so that it covers nothing. */
export function Notices() {
  return (
    <>
      <Notifications
        withinPortal={false}
        position="bottom-left"
        limit={2}
        classNames={{ root: styles.toasts ?? '', notification: styles.toast ?? '' }}
      />
      <AlertStrip />
    </>
  );
}
