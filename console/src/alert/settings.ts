import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';

const permissionNow = () => ('Notification' in window ? Notification.permission : 'denied');

/** The choices of sound and desktop notifications. They are remembered in this browser. */
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
  const [permission, setPermission] = useState(permissionNow);
  /** Asks the browser when somebody wants them, and not before. */
  const setDesktop = async (on: boolean) => {
    setWanted(on);
    if (on && permission === 'default') setPermission(await Notification.requestPermission());
  };
  /** Asked when something rings: the browser may have been asked in another tab since. */
  const showsOnDesktop = () => wanted && permissionNow() === 'granted';
  const desktop = wanted && permission === 'granted';
  const isDenied = wanted && permission === 'denied';
  /** Nobody has decided yet about desktop notifications: neither I nor the browser. */
  const isUndecided = !wanted && permission === 'default';
  return { sound, setSound, desktop, setDesktop, showsOnDesktop, isDenied, isUndecided };
}
