import {
  Badge,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useAct } from '../error/useAct';
import type { AppKind, CreateAppMutation, RenameAppMutation } from '../generated/graphql';
import { useText } from '../language/language';
import type { Company } from './Administration';
import { CREATE_APP, RENAME_APP } from './documents';
import { NewName } from './NewName';

const created = (data: CreateAppMutation) => data.createApp;
const renamed = (data: RenameAppMutation) => data.renameApp;
const KINDS: readonly AppKind[] = ['ACCOUNT', 'REQUEST'];

/** Lists the apps of the company, creates and renames them. */
export function Apps({ company, reread }: { company: Company; reread: () => void }) {
  const text = useText();
  const [kind, setKind] = useState<AppKind>('ACCOUNT');
  const [create] = useAct(CREATE_APP, created);
  const apps = company.apps.toSorted((one, other) => one.name.localeCompare(other.name));
  return (
    <Stack maw={560}>
      <Title order={2} size="h4">
        {text('administration.apps')}
      </Title>
      <Text>{text('administration.appsHint')}</Text>
      {apps.map((app) => (
        <AppRow key={app.id} app={app} />
      ))}
      <Text fw={600} mt="md">
        {text('administration.newApp')}
      </Text>
      <SegmentedControl
        aria-label={text('administration.kind')}
        value={kind}
        data={KINDS.map((value) => ({ value, label: text(`administration.app.${value}`) }))}
        onChange={(chosen) => {
          setKind(chosen === 'REQUEST' ? 'REQUEST' : 'ACCOUNT');
        }}
      />
      <NewName
        label={text('administration.name')}
        button={text('administration.create')}
        create={async (name, key) => {
          const done = await create({ name, kind, key });
          if (done !== undefined) reread();
          return done !== undefined;
        }}
      />
    </Stack>
  );
}

function AppRow({ app }: { app: Company['apps'][number] }) {
  const text = useText();
  const [rename, renaming] = useAct(RENAME_APP, renamed);
  const [name, setName] = useState<string>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const done = await rename({ appId: app.id, name: name ?? '' });
    if (done !== undefined) setName(undefined);
  };
  if (name === undefined) {
    return (
      <Group justify="space-between">
        <Group gap="xs">
          <bdi>{app.name}</bdi>
          <Badge variant="light">{text(`administration.app.${app.kind}`)}</Badge>
        </Group>
        <Button
          size="compact-sm"
          variant="light"
          aria-label={text('administration.renameApp', { name: app.name })}
          onClick={() => {
            setName(app.name);
          }}
        >
          {text('administration.rename')}
        </Button>
      </Group>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group wrap="nowrap">
        <TextInput
          aria-label={text('administration.renameApp', { name: app.name })}
          value={name}
          maxLength={200}
          dir="auto"
          flex={1}
          data-autofocus
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={renaming} disabled={name.trim() === ''}>
          {text('administration.save')}
        </Button>
      </Group>
    </form>
  );
}
