import { Menu, Text } from '@mantine/core';
import { MenuChoice } from '../desk/MenuChoice';
import { useText } from '../language/language';
import { useAlertSettings } from './settings';

/** In the menu: whether alerts sound, and show on the desktop. */
export function AlertSettings() {
  const text = useText();
  const { sound, setSound, desktop, setDesktop, isDenied } = useAlertSettings();
  return (
    <>
      <Menu.Label>{text('alert.title')}</Menu.Label>
      <MenuChoice
        role="menuitemcheckbox"
        label={text('alert.sound')}
        isChosen={sound}
        choose={() => {
          setSound(!sound);
        }}
      />
      <MenuChoice
        role="menuitemcheckbox"
        label={text('alert.desktop')}
        isChosen={desktop}
        choose={() => void setDesktop(!desktop)}
      />
      {isDenied && (
        <Text size="xs" c="dimmed" px="sm" pb="xs" role="status">
          {text('alert.denied')}
        </Text>
      )}
    </>
  );
}
