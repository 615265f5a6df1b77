import { useQuery } from '@apollo/client/react';
import { Button, Checkbox, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../error/useAct';
import type { Role, SetMemberMutation } from '../generated/graphql';
import { useText } from '../language/language';
import { Confirm } from './Confirm';
import { EMPLOYEES, SET_MEMBER } from './documents';
import type { Administered } from './LiveChat';

const payloadOf = (data: SetMemberMutation) => data.setMember;
const ROLES: readonly Role[] = ['OPERATOR', 'SUPERVISOR'];

type Member = Administered['members'][number];
type Employee = Member['employee'];
/** An employee who is about to lose a role, and the roles that they keep. */
interface Leaving {
  employee: Employee;
  left: readonly Role[];
}
type SetRoles = (employee: Employee, roles: readonly Role[]) => Promise<boolean>;

/** Lists the members of a live chat, and changes their roles. */
export function Members({ liveChat }: { liveChat: Administered }) {
  const text = useText();
  const [set] = useAct(SET_MEMBER, payloadOf);
  const [leaving, setLeaving] = useState<Leaving>();
  const setRoles: SetRoles = async ({ id: employeeId }, roles) =>
    (await set({ liveChatId: liveChat.id, employeeId, roles: [...roles] })) !== undefined;
  const members = liveChat.members.toSorted((one, other) =>
    one.employee.name.localeCompare(other.employee.name),
  );
  return (
    <Stack maw={640}>
      {members.length === 0 && <Text c="dimmed">{text('administration.noMembers')}</Text>}
      {members.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text('administration.employee')}</Table.Th>
              <Table.Th>{text('administration.roles')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {members.map((member) => (
              <MemberRow
                key={member.employee.id}
                member={member}
                setRoles={setRoles}
                leave={setLeaving}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Find members={members} setRoles={setRoles} />
      <Leave
        leaving={leaving}
        setRoles={setRoles}
        close={() => {
          setLeaving(undefined);
        }}
      />
    </Stack>
  );
}

interface RowProps {
  member: Member;
  setRoles: SetRoles;
  leave: (leaving: Leaving) => void;
}

function MemberRow({ member: { employee, roles }, setRoles, leave }: RowProps) {
  const text = useText();
  return (
    <Table.Tr>
      <Table.Td>
        <bdi>{employee.name}</bdi>
      </Table.Td>
      <Table.Td>
        <Group gap="md" role="group" aria-label={employee.name}>
          {ROLES.map((role) => {
            const has = roles.includes(role);
            const others = roles.filter((other) => other !== role);
            return (
              <Checkbox
                key={role}
                label={text(`administration.role.${role}`)}
                checked={has}
                onChange={() => {
                  // What an operator has goes back to the queue: that is asked first.
                  if (has && (others.length === 0 || role === 'OPERATOR')) {
                    leave({ employee, left: others });
                  } else void setRoles(employee, has ? others : [...roles, role]);
                }}
              />
            );
          })}
        </Group>
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          aria-label={text('administration.removeMember', { name: employee.name })}
          onClick={() => {
            leave({ employee, left: [] });
          }}
        >
          {text('administration.remove')}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

interface LeaveProps {
  leaving: Leaving | undefined;
  setRoles: SetRoles;
  close: () => void;
}

/** Asks for confirmation before a member loses a role, and says where their sessions go. */
function Leave({ leaving, setRoles, close }: LeaveProps) {
  const text = useText();
  const name = leaving?.employee.name ?? '';
  return (
    <Confirm
      opened={leaving !== undefined}
      title={text('administration.removeMember', { name })}
      hint={text('administration.removeHint', { name })}
      act={text('administration.remove')}
      run={() => {
        if (leaving !== undefined) void setRoles(leaving.employee, leaving.left).then(close);
      }}
      close={close}
    />
  );
}

/** Finds employees of the company by name, and makes them members. */
function Find({ members, setRoles }: { members: readonly Member[]; setRoles: SetRoles }) {
  const text = useText();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query, 200);
  const { data } = useQuery(EMPLOYEES, { variables: { query: asked } });
  const found = data?.administration.employees.nodes ?? [];
  const others = found.filter(({ id }) => !members.some(({ employee }) => employee.id === id));
  return (
    <Stack gap="xs" mt="md">
      <TextInput
        type="search"
        label={text('administration.addMember')}
        description={text('administration.addMemberHint')}
        value={query}
        dir="auto"
        onChange={(event) => {
          setQuery(event.currentTarget.value);
        }}
      />
      {others.map((employee) => (
        <Group key={employee.id} justify="space-between">
          <bdi>{employee.name}</bdi>
          <Group gap="xs">
            {ROLES.map((role) => (
              <Button
                key={role}
                size="compact-sm"
                variant="light"
                aria-label={text(`administration.addAs.${role}`, { name: employee.name })}
                onClick={() => void setRoles(employee, [role])}
              >
                {`+ ${text(`administration.role.${role}`)}`}
              </Button>
            ))}
          </Group>
        </Group>
      ))}
      {data !== undefined && others.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          {text('administration.nobody')}
        </Text>
      )}
    </Stack>
  );
}
