import { Menu } from '@mantine/core';

interface Props {
  /** One of several, or on its own. */
  role: 'menuitemradio' | 'menuitemcheckbox';
  label: string;
  isChosen: boolean;
  choose: () => void;
}

/** A line of a menu that is chosen or not. */
export function MenuChoice({ role, label, isChosen, choose }: Props) {
  return (
    <Menu.Item
      // The library's items are all of the same role, whatever they are given.
      renderRoot={(props) => <button {...props} role={role} aria-checked={isChosen} />}
      closeMenuOnClick={role === 'menuitemradio'}
      rightSection={isChosen ? <span aria-hidden>✓</span> : null}
      onClick={choose}
    >
      {label}
    </Menu.Item>
  );
}
