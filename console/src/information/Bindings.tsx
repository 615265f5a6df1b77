import type { FragmentType } from '@apollo/client';
import { Button, CloseButton, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { useFacts } from '../apollo/useFacts';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type {
  Bindings_SessionFragment as SessionFacts,
  UnbindItemMutation,
} from '../generated/graphql';
import { useText } from '../language/language';
import { Bind } from './Bind';
import { Field } from './Field';
import { WhenOnline } from './WhenOnline';

const SESSION = graphql(`
  fragment Bindings_session on Session {
    id
    version
    client {
      id
      isInternal
    }
    liveChat {
      id
      apps {
        id
        name
      }
    }
    bindings {
      item {
        id
        title
        app {
          id
          name
        }
      }
      boundAt
      boundBy {
        id
        name
      }
    }
    viewerCanBind
  }
`);

const UNBIND = graphql(`
  mutation UnbindItem($sessionId: ID!, $itemId: ID!) {
    unbindItem(sessionId: $sessionId, itemId: $itemId) {
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

const payloadOf = (data: UnbindItemMutation) => data.unbindItem;

interface App {
  id: string;
  name: string;
}

interface Props {
  session: FragmentType<SessionFacts>;
  isOnline: boolean;
}

/** The live chat's apps, each with what the session is bound to there. */
export function Bindings({ session, isOnline }: Props) {
  const text = useText();
  const facts = useFacts(SESSION, session);
  const [binding, setBinding] = useState<App>();
  if (facts === undefined) return null;
  if (facts.client.isInternal) return <Hint says={text('information.noInternalBinding')} />;
  const apps = shown(facts);
  if (apps.length === 0) return <Hint says={text('information.noApps')} />;
  const bound = facts.bindings.map(({ item }) => item.id);
  const close = () => {
    setBinding(undefined);
  };
  const mayBind = (app: App) =>
    facts.viewerCanBind && facts.liveChat.apps.some(({ id }) => id === app.id);
  return (
    <>
      {apps.map((app) => (
        <Field
          key={app.id}
          label={app.name}
          action={
            mayBind(app) && (
              <WhenOnline
                isOnline={isOnline}
                run={() => {
                  setBinding(app);
                }}
              >
                {(begin) => (
                  <Button
                    size="compact-xs"
                    variant="light"
                    aria-label={text('information.bindTo', { app: app.name })}
                    onClick={begin}
                  >
                    {`+ ${text('information.bind')}`}
                  </Button>
                )}
              </WhenOnline>
            )
          }
        >
          <Items facts={facts} app={app} isOnline={isOnline} />
        </Field>
      ))}
      <Modal
        opened={binding !== undefined}
        onClose={close}
        title={text('information.bindTo', { app: binding?.name })}
      >
        {binding !== undefined && (
          <Bind sessionId={facts.id} app={binding} bound={bound} close={close} />
        )}
      </Modal>
    </>
  );
}

/** Those that can be bound, and those that are bound though the live chat names them no more. */
function shown({ liveChat, bindings }: SessionFacts): App[] {
  const apps = new Map<string, App>();
  for (const app of [...liveChat.apps, ...bindings.map(({ item }) => item.app)]) {
    apps.set(app.id, app);
  }
  return [...apps.values()];
}

function Items({ facts, app, isOnline }: { facts: SessionFacts; app: App; isOnline: boolean }) {
  const text = useText();
  const intl = useIntl();
  const [unbind, isUnbinding] = useAct(UNBIND, payloadOf);
  const bindings = facts.bindings.filter(({ item }) => item.app.id === app.id);
  if (bindings.length === 0) return <Hint says={text('information.noBinding')} />;
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {bindings.map(({ item, boundAt, boundBy }) => (
        <Group key={item.id} component="li" wrap="nowrap" justify="space-between">
          <div>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              <bdi>{item.title}</bdi>
            </Text>
            <Text size="xs" c="dimmed">
              {text('information.boundBy', {
                name: boundBy.name,
                at: intl.formatDate(boundAt, { dateStyle: 'medium' }),
              })}
            </Text>
          </div>
          {facts.viewerCanBind && (
            <WhenOnline
              isOnline={isOnline}
              run={() => void unbind({ sessionId: facts.id, itemId: item.id })}
            >
              {(begin) => (
                <CloseButton
                  size="sm"
                  disabled={isUnbinding}
                  aria-label={text('information.unbind', { title: item.title })}
                  onClick={begin}
                />
              )}
            </WhenOnline>
          )}
        </Group>
      ))}
    </Stack>
  );
}

function Hint({ says }: { says: string }) {
  return (
    <Text size="sm" c="dimmed">
      {says}
    </Text>
  );
}
