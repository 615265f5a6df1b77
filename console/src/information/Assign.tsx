import type { FragmentType } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { Button, Group, Modal, Radio, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRef, useState } from 'react';
import { useFacts } from '../apollo/useFacts';
import { Fault } from '../error/Fault';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type {
  Assign_SessionFragment as SessionFacts,
  AssignSessionMutation,
  OperatorsQuery,
} from '../generated/graphql';
import { useText } from '../language/language';
import { useShortcut } from '../shortcut/registry';
import { WhenOnline } from './WhenOnline';

const SESSION = graphql(`
  fragment Assign_session on Session {
    id
    version
    name
    liveChat {
      id
    }
    operator {
      id
    }
    viewerCanAssign
  }
`);

/** Read when it is asked for, because it changes with every session that somebody takes. */
const OPERATORS = graphql(`
  query Operators($liveChatId: ID!) {
    viewer {
      id
      liveChat(id: $liveChatId) {
        id
        operators {
          employee {
            id
            name
            presence
          }
          openSessions
        }
      }
    }
  }
`);

const ASSIGN = graphql(`
  mutation AssignSession($sessionId: ID!, $employeeId: ID!, $comment: String) {
    assignSession(sessionId: $sessionId, employeeId: $employeeId, comment: $comment) {
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

const LONGEST_COMMENT = 1000;
const payloadOf = (data: AssignSessionMutation) => data.assignSession;

type Operators = NonNullable<OperatorsQuery['viewer']['liveChat']>['operators'];

interface Props {
  session: FragmentType<SessionFacts>;
  isOnline: boolean;
}

/** Hands the session to an operator of its live chat. */
export function Assign({ session, isOnline }: Props) {
  const text = useText();
  const facts = useFacts(SESSION, session);
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const open = () => {
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
  };
  const canAssign = facts?.viewerCanAssign ?? false;
  // As if it were pressed: who is offline is told so there.
  useShortcut('a', 'information.assign', () => button.current?.click(), { enabled: canAssign });
  if (facts === undefined || !canAssign) return null;
  return (
    <>
      <WhenOnline isOnline={isOnline} run={open}>
        {(begin) => (
          <Button ref={button} size="compact-xs" variant="light" onClick={begin}>
            {text('information.assign')}
          </Button>
        )}
      </WhenOnline>
      <Modal
        opened={isOpen}
        onClose={close}
        title={text('information.assignTitle', { name: facts.name })}
      >
        <Form facts={facts} close={close} />
      </Modal>
    </>
  );
}

/** There only while it is open, so that the operators are read anew each time. */
function Form({ facts, close }: { facts: SessionFacts; close: () => void }) {
  const text = useText();
  const { data, error, refetch } = useQuery(OPERATORS, {
    variables: { liveChatId: facts.liveChat.id },
    fetchPolicy: 'network-only',
  });
  const [to, setTo] = useState('');
  const [comment, setComment] = useState('');
  const [assign, isAssigning] = useAct(ASSIGN, payloadOf);
  if (error !== undefined) return <Fault error={error} retry={refetch} />;
  if (data === undefined) return <Skeleton h={120} />;
  const operators = others(data.viewer.liveChat?.operators ?? [], facts.operator?.id);
  if (operators.length === 0) return <Text>{text('information.assignNone')}</Text>;
  const send = async () => {
    const given = comment.trim() === '' ? {} : { comment: comment.trim() };
    const done = await assign({ sessionId: facts.id, employeeId: to, ...given });
    if (done === undefined) return;
    const name = operators.find(({ employee }) => employee.id === to)?.employee.name ?? '';
    notifications.show({ message: text('information.assigned', { name }) });
    close();
  };
  return (
    <Stack>
      <Radio.Group label={text('information.assignTo')} value={to} onChange={setTo}>
        <Stack gap="xs" mt="xs" mah={320} style={{ overflowY: 'auto' }}>
          {operators.map((operator) => (
            <Choice key={operator.employee.id} operator={operator} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={text('information.comment')}
        description={text('information.commentHint')}
        maxLength={LONGEST_COMMENT}
        autosize
        value={comment}
        onChange={(event) => {
          setComment(event.currentTarget.value);
        }}
      />
      <Group justify="end">
        <Button variant="subtle" onClick={close}>
          {text('information.cancel')}
        </Button>
        <Button disabled={to === ''} loading={isAssigning} onClick={() => void send()}>
          {text('information.assign')}
        </Button>
      </Group>
    </Stack>
  );
}

function Choice({ operator }: { operator: Operators[number] }) {
  const text = useText();
  const { id, name, presence } = operator.employee;
  const isOnline = presence === 'ONLINE';
  const count = text('information.openSessions', { count: operator.openSessions });
  return (
    <Radio
      value={id}
      // Assigning to somebody who is not there is refused.
      disabled={!isOnline}
      label={<bdi>{name}</bdi>}
      description={isOnline ? count : `${text('desk.offline')} · ${count}`}
    />
  );
}

/** Those it could go to: who is there first, and of them who has least to do. */
function others(operators: Operators, has: string | undefined): Operators {
  const isAway = ({ employee }: Operators[number]) => Number(employee.presence !== 'ONLINE');
  return operators
    .filter(({ employee }) => employee.id !== has)
    .sort((one, two) => isAway(one) - isAway(two) || one.openSessions - two.openSessions);
}
