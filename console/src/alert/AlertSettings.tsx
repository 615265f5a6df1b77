import { Menu, Text } from '@mantine/core';
import { useText } from '../language/language';
import { useAlertSettings } from './settings';

/** In the menu: whether alerts sound, and show on the desktop. */
export function AlertSettings() {
  const text = useText();
  const { sound, setSound, desktop, setDesktop, isDenied } = useAlertSettings();
  return (
    <>
      <Menu.Label>{text('alert.title')}</Menu.Label>
      <Choice
        label={text('alert.sound')}
        isOn={sound}
        turn={() => {
          setSound(!sound);
        }}
      />
      <Choice label={text('alert.desktop')} isOn={desktop} turn={() => void setDesktop(!desktop)} />
      {isDenied && (
        <Text size="xs" c="dimmed" px="sm" pb="xs" role="status">
          {text('alert.denied')}
        </Text>
      )}
    </>
  );
}

function Choice({ label, isOn, turn }: { label: string; isOn: boolean; turn: () => void }) {
  return (
    <Menu.Item
      role="menuitemcheckbox"
      aria-checked={isOn}
      closeMenuOnClick={false}
      rightSection={isOn ? <span aria-hidden>✓</span> : null}
      onClick={turn}
    >
      {label}
    </Menu.Item>
  );
}
