import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useIntl } from 'react-intl';
import { useAct } from '../error/useAct';
import type { RenameLiveChatMutation, SetSessionNameTemplateMutation } from '../generated/graphql';
import { useText } from '../language/language';
import { RENAME_LIVE_CHAT, SET_NAME_TEMPLATE } from './documents';
import type { Administered } from './LiveChat';
import { filled } from './variables';

const renamed = (data: RenameLiveChatMutation) => data.renameLiveChat;
const named = (data: SetSessionNameTemplateMutation) => data.setSessionNameTemplate;

interface Props {
  liveChat: Administered;
  reread: () => void;
}

/** Changes the name of a live chat and the template for the names of its sessions. */
export function General({ liveChat, reread }: Props) {
  const text = useText();
  const intl = useIntl();
  const [name, setName] = useState(liveChat.name);
  const [template, setTemplate] = useState(liveChat.sessionNameTemplate);
  const [rename, renaming] = useAct(RENAME_LIVE_CHAT, renamed);
  const [setNames, setting] = useAct(SET_NAME_TEMPLATE, named);
  const { id: liveChatId } = liveChat;
  const preview = filled(template, {
    client: text('administration.someClient'),
    liveChat: liveChat.name,
    channel: text('administration.someChannel'),
    date: intl.formatDate(new Date(), { dateStyle: 'short' }),
  });
  const submitName = async (event: SubmitEvent) => {
    event.preventDefault();
    if ((await rename({ liveChatId, name })) !== undefined) reread();
  };
  const submitTemplate = (event: SubmitEvent) => {
    event.preventDefault();
    void setNames({ liveChatId, template });
  };
  return (
    <Stack maw={480} gap="xl">
      <form onSubmit={(event) => void submitName(event)}>
        <Stack gap="xs">
          <TextInput
            label={text('administration.name')}
            value={name}
            maxLength={200}
            dir="auto"
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Save isBusy={renaming} isSaved={name.trim() === liveChat.name} />
        </Stack>
      </form>
      <form onSubmit={submitTemplate}>
        <Stack gap="xs">
          <TextInput
            label={text('administration.nameTemplate')}
            description={text('administration.nameTemplateHint')}
            value={template}
            maxLength={200}
            dir="auto"
            onChange={(event) => {
              setTemplate(event.currentTarget.value);
            }}
          />
          <Text size="sm" role="status">
            {text('administration.preview')} <b dir="auto">{preview}</b>
          </Text>
          <Save isBusy={setting} isSaved={template === liveChat.sessionNameTemplate} />
        </Stack>
      </form>
    </Stack>
  );
}

/** Shows the button that saves a form, disabled while nothing has changed. */
export function Save({ isBusy, isSaved }: { isBusy: boolean; isSaved: boolean }) {
  const text = useText();
  return (
    <Button type="submit" loading={isBusy} disabled={isSaved} style={{ alignSelf: 'flex-start' }}>
      {text('administration.save')}
    </Button>
  );
}
