import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';

/** What an alert does beside its toast. Remembered in this browser. */
export function useAlertSettings() {
  const [sound, setSound] = useLocalStorage({
    key: 'chatdesk.sound',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const [wanted, setWanted] = useLocalStorage({
    key: 'chatdesk.desktop',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [permission, setPermission] = useState(() =>
    'Notification' in window ? Notification.permission : 'denied',
  );
  /** Asks the browser when somebody wants them, and not before. */
  const setDesktop = async (on: boolean) => {
    setWanted(on);
    if (on && permission === 'default') setPermission(await Notification.requestPermission());
  };
  const desktop = wanted && permission === 'granted';
  return { sound, setSound, desktop, setDesktop, isDenied: wanted && permission === 'denied' };
}
