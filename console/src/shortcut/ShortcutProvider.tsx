import { Kbd, Modal, Switch, Table } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useState, type ReactNode } from 'react';
import { isOfComposition } from '../composer/composing';
import { useText } from '../language/language';
import { isSingleKey, matches } from './keys';
import { createRegistry, RegistryContext, useShortcut, type Registry } from './registry';

/** Listens to the keys for everybody, and shows what they do on `?`. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createRegistry);
  const [singleKeys, setSingleKeys] = useLocalStorage({
    key: 'chatdesk.singleKeys',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      dispatch(registry, event, singleKeys);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [registry, singleKeys]);
  return (
    <RegistryContext value={registry}>
      {children}
      <Help registry={registry} singleKeys={singleKeys} setSingleKeys={setSingleKeys} />
    </RegistryContext>
  );
}

function dispatch(registry: Registry, event: KeyboardEvent, singleKeys: boolean): void {
  if (event.defaultPrevented || isOfComposition(event)) return;
  const shortcut = registry.all().findLast(({ keys }) => matches(event, keys));
  if (shortcut === undefined) return;
  if (isSingleKey(shortcut.keys) && (!singleKeys || isWriting(event.target))) return;
  // Behind a dialog nothing is done, but what the dialog itself does by keys.
  if (document.querySelector('[aria-modal="true"]') !== null) return;
  event.preventDefault();
  shortcut.run();
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    // A box that is ticked takes no letters.
    (target.isContentEditable ||
      target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'))
  );
}

interface HelpProps {
  registry: Registry;
  singleKeys: boolean;
  setSingleKeys: (on: boolean) => void;
}

function Help({ registry, singleKeys, setSingleKeys }: HelpProps) {
  const text = useText();
  const [opened, setOpened] = useState(false);
  useShortcut('?', 'shortcut.help', () => {
    setOpened(true);
  });
  const onClose = () => {
    setOpened(false);
  };
  return (
    <Modal opened={opened} onClose={onClose} title={text('shortcut.title')}>
      <Table>
        <Table.Tbody>
          {registry.all().map(({ keys, description }) => (
            <Table.Tr key={keys + description}>
              <Table.Td>{text(description)}</Table.Td>
              <Table.Td ta="end">
                <Keys keys={keys} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label={text('shortcut.enabled')}
        checked={singleKeys}
        onChange={(event) => {
          setSingleKeys(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}

/** A shortcut as it is written on keys. */
export function Keys({ keys }: { keys: string }) {
  const isMac = navigator.userAgent.includes('Mac');
  const names = keys.split('+').map((key) => (key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key));
  return (
    <>
      {names.map((name) => (
        <Kbd key={name}>{name.length === 1 ? name.toUpperCase() : name}</Kbd>
      ))}
    </>
  );
}
