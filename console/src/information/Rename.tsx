import type { FragmentType } from '@apollo/client';
import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useFacts } from '../apollo/useFacts';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type {
  Rename_SessionFragment as SessionFacts,
  RenameSessionMutation,
} from '../generated/graphql';
import { useText } from '../language/language';
import { Field } from './Field';
import { WhenOnline } from './WhenOnline';

const SESSION = graphql(`
  fragment Rename_session on Session {
    id
    version
    name
    viewerCanRename
  }
`);

const RENAME = graphql(`
  mutation RenameSession($sessionId: ID!, $name: String!) {
    renameSession(sessionId: $sessionId, name: $name) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const LONGEST = 200;
const payloadOf = (data: RenameSessionMutation) => data.renameSession;

interface Props {
  session: FragmentType<SessionFacts>;
  isOnline: boolean;
}

/** The session's name, which is changed where it stands. */
export function Rename({ session, isOnline }: Props) {
  const text = useText();
  const facts = useFacts(SESSION, session);
  const [isOpen, setOpen] = useState(false);
  if (facts === undefined) return null;
  if (isOpen && facts.viewerCanRename) {
    return (
      <Editor
        id={facts.id}
        name={facts.name}
        close={() => {
          setOpen(false);
        }}
      />
    );
  }
  return (
    <Field
      label={text('information.session')}
      action={
        facts.viewerCanRename && (
          <WhenOnline
            isOnline={isOnline}
            run={() => {
              setOpen(true);
            }}
          >
            {(begin) => (
              <ActionIcon
                variant="subtle"
                size="sm"
                aria-label={text('information.rename')}
                title={text('information.rename')}
                onClick={begin}
              >
                <span aria-hidden>✎</span>
              </ActionIcon>
            )}
          </WhenOnline>
        )
      }
    >
      {facts.name}
    </Field>
  );
}

function Editor({ id, name, close }: { id: string; name: string; close: () => void }) {
  const text = useText();
  const [written, setWritten] = useState(name);
  const [rename, isRenaming] = useAct(RENAME, payloadOf);
  const trimmed = written.trim();
  // The service counts characters, not what a browser keeps them in.
  const isWrong = trimmed === '' || Array.from(trimmed).length > LONGEST;
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (isWrong) return;
    if (trimmed === name || (await rename({ sessionId: id, name: trimmed })) !== undefined) close();
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <TextInput
        ref={(field) => {
          field?.focus();
        }}
        size="sm"
        label={text('information.name')}
        value={written}
        error={isWrong && text('information.nameLength')}
        onChange={(event) => {
          setWritten(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
        }}
      />
      <Group gap="xs" mt="xs">
        <Button type="submit" size="compact-sm" loading={isRenaming} disabled={isWrong}>
          {text('information.save')}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={close}>
          {text('information.cancel')}
        </Button>
      </Group>
    </form>
  );
}
