import type { FragmentType } from '@apollo/client';
import {
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { Link } from 'wouter';
import { ADMINISTRATION } from '../administration/path';
import { AlertSettings } from '../alert/AlertSettings';
import { useSignOut } from '../app/service';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { UserMenu_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { LANGUAGES, languages, type MessageKey } from '../language/catalogue';
import { useLanguage, useText } from '../language/language';
import { Face } from '../list/Face';
import { MenuChoice } from './MenuChoice';

const VIEWER = graphql(`
  fragment UserMenu_viewer on Viewer {
    employee {
      id
      name
    }
    isAdministrator
  }
`);

const SCHEMES: [MantineColorScheme, MessageKey][] = [
  ['auto', 'desk.themeAuto'],
  ['light', 'desk.themeLight'],
  ['dark', 'desk.themeDark'],
];

/** The menu of the signed-in person: language, colours, alerts, and the way to sign out. */
export function UserMenu({ viewer }: { viewer: FragmentType<ViewerFacts> }) {
  const text = useText();
  const signOut = useSignOut();
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const facts = useFacts(VIEWER, viewer);
  const name = facts?.employee.name ?? '';
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton aria-label={text('desk.menu', { name })}>
          <Face name={name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text fw={600} px="sm" py={4} dir="auto">
          {name}
        </Text>
        <Menu.Label>{text('desk.language')}</Menu.Label>
        {LANGUAGES.map((other) => (
          <MenuChoice
            key={other}
            role="menuitemradio"
            label={languages[other].name}
            isChosen={other === language}
            choose={() => {
              setLanguage(other);
            }}
          />
        ))}
        <Menu.Label>{text('desk.theme')}</Menu.Label>
        {SCHEMES.map(([scheme, key]) => (
          <MenuChoice
            key={scheme}
            role="menuitemradio"
            label={text(key)}
            isChosen={scheme === colorScheme}
            choose={() => {
              setColorScheme(scheme);
            }}
          />
        ))}
        <AlertSettings />
        <Menu.Divider />
        {facts?.isAdministrator === true && (
          <Menu.Item component={Link} href={ADMINISTRATION}>
            {text('administration.title')}
          </Menu.Item>
        )}
        <Menu.Item onClick={signOut}>{text('desk.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
