import { Button, Card, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useAct } from '../error/useAct';
import type {
  CreateTemplateMutation,
  DeleteTemplateMutation,
  UpdateTemplateMutation,
} from '../generated/graphql';
import { useText } from '../language/language';
import { Confirm } from './Confirm';
import { CREATE_TEMPLATE, DELETE_TEMPLATE, UPDATE_TEMPLATE } from './documents';
import type { Administered } from './LiveChat';
import { useIdempotencyKey } from './useIdempotencyKey';
import { filled, VARIABLES } from './variables';

const created = (data: CreateTemplateMutation) => data.createTemplate;
const updated = (data: UpdateTemplateMutation) => data.updateTemplate;
const deleted = (data: DeleteTemplateMutation) => data.deleteTemplate;

type Template = Administered['templates']['nodes'][number];

interface Props {
  liveChat: Administered;
  reread: () => void;
}

/** Lists, creates, edits and deletes the ready answers of a live chat. */
export function Templates({ liveChat, reread }: Props) {
  const text = useText();
  const [edited, setEdited] = useState<string>();
  const [create] = useAct(CREATE_TEMPLATE, created);
  const [update] = useAct(UPDATE_TEMPLATE, updated);
  const { nodes, pageInfo } = liveChat.templates;
  return (
    <Stack maw={720}>
      {nodes.map((template) =>
        edited === template.id ? (
          <Edit
            key={template.id}
            liveChatName={liveChat.name}
            template={template}
            save={async (title, body) => {
              const change = { templateId: template.id, title, text: body };
              if ((await update(change)) === undefined) return false;
              setEdited(undefined);
              return true;
            }}
            cancel={() => {
              setEdited(undefined);
            }}
          />
        ) : (
          <Shown
            key={template.id}
            template={template}
            edit={() => {
              setEdited(template.id);
            }}
            reread={reread}
          />
        ),
      )}
      {pageInfo.hasNextPage && (
        <Text size="sm" c="dimmed">
          {text('administration.moreTemplates')}
        </Text>
      )}
      <Text fw={600} mt="md">
        {text('administration.newTemplate')}
      </Text>
      <Edit
        liveChatName={liveChat.name}
        save={async (title, body, key) => {
          const wish = { liveChatId: liveChat.id, title, text: body, key };
          if ((await create(wish)) === undefined) return false;
          reread();
          return true;
        }}
      />
    </Stack>
  );
}

interface ShownProps {
  template: Template;
  edit: () => void;
  reread: () => void;
}

function Shown({ template: { id, title, text: body }, edit, reread }: ShownProps) {
  const text = useText();
  const [remove, removing] = useAct(DELETE_TEMPLATE, deleted);
  const [asks, setAsks] = useState(false);
  const close = () => {
    setAsks(false);
  };
  const run = async () => {
    if ((await remove({ templateId: id })) !== undefined) reread();
    close();
  };
  return (
    <Card withBorder component="article" aria-label={title} padding="sm">
      <Group justify="space-between">
        <Text fw={600} dir="auto">
          {title}
        </Text>
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="light"
            aria-label={text('administration.editTemplate', { title })}
            onClick={edit}
          >
            {text('composer.edit')}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={text('administration.deleteTemplate', { title })}
            onClick={() => {
              setAsks(true);
            }}
          >
            {text('administration.delete')}
          </Button>
        </Group>
      </Group>
      <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {body}
      </Text>
      <Confirm
        opened={asks}
        title={text('administration.deleteTemplate', { title })}
        hint={text('administration.deleteTemplateHint')}
        act={text('administration.delete')}
        isBusy={removing}
        run={() => void run()}
        close={close}
      />
    </Card>
  );
}

interface EditProps {
  liveChatName: string;
  template?: Template;
  /** Saves the ready answer; a new one under an idempotency key. Resolves with true on success. */
  save: (title: string, body: string, key: string) => Promise<boolean>;
  cancel?: () => void;
}

/** Shows a form for a ready answer, and previews it with sample values. */
function Edit({ liveChatName, template, save, cancel }: EditProps) {
  const text = useText();
  const [title, setTitle] = useState(template?.title ?? '');
  const [body, setBody] = useState(template?.text ?? '');
  const [isBusy, setBusy] = useState(false);
  const key = useIdempotencyKey();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const isDone = await save(title, body, key.get()).finally(() => {
      setBusy(false);
    });
    if (!isDone || template !== undefined) return;
    key.renew();
    setTitle('');
    setBody('');
  };
  const client = text('administration.someClient');
  const operator = text('administration.someOperator');
  const preview = filled(body, {
    client,
    clientFirstName: client.split(' ')[0] ?? client,
    operator,
    operatorFirstName: operator.split(' ')[0] ?? operator,
    liveChat: liveChatName,
    session: client,
  });
  return (
    <form
      aria-label={text(
        template === undefined ? 'administration.newTemplate' : 'administration.editTemplate',
        { title: template?.title ?? '' },
      )}
      onSubmit={(event) => void submit(event)}
    >
      <Stack gap="xs">
        <TextInput
          label={text('administration.templateTitle')}
          value={title}
          maxLength={200}
          dir="auto"
          onChange={(event) => {
            key.renew();
            setTitle(event.currentTarget.value);
          }}
        />
        <Textarea
          label={text('administration.templateText')}
          description={text('administration.variables', {
            all: VARIABLES.map((name) => `{${name}}`).join(' '),
          })}
          value={body}
          autosize
          minRows={2}
          maxRows={12}
          dir="auto"
          onChange={(event) => {
            key.renew();
            setBody(event.currentTarget.value);
          }}
        />
        {body.includes('{') && (
          <Text size="sm" role="status" style={{ whiteSpace: 'pre-wrap' }}>
            {text('administration.preview')} <span dir="auto">{preview}</span>
          </Text>
        )}
        <Group>
          <Button
            type="submit"
            loading={isBusy}
            disabled={title.trim() === '' || body.trim() === ''}
          >
            {text(template === undefined ? 'administration.create' : 'administration.save')}
          </Button>
          {cancel && (
            <Button variant="default" onClick={cancel}>
              {text('dialog.cancel')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
